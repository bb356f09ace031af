//! Time stamps as FAT has them: local time, in steps of two seconds. Not in here: what
//! the time is.

use std::fmt;

/// When a file was last written. Later ones are greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Modified {
    date: u16,
    time: u16,
}

/// The first moment that FAT knows: midnight of 1980-01-01.
impl Default for Modified {
    fn default() -> Self {
        Self {
            date: 1 << 5 | 1,
            time: 0,
        }
    }
}

impl Modified {
    /// From the two fields of a directory entry, whatever they hold.
    pub(super) fn of_fields(date: u16, time: u16) -> Self {
        Self { date, time }
    }

    /// The date and the time as a directory entry has them.
    pub(super) fn fields(self) -> (u16, u16) {
        (self.date, self.time)
    }

    /// Whether there is such a month, day and time of day. Days that a month does not
    /// have count as valid.
    pub fn is_valid(self) -> bool {
        let [_, month, day] = self.day();
        let [hour, minute, second] = self.time_of_day();
        (1..=12).contains(&month) && day > 0 && hour < 24 && minute < 60 && second < 60
    }

    /// About a year later: certainly later than what was written at the same time
    /// elsewhere.
    #[must_use]
    pub fn a_year_later(self) -> Self {
        let [year, month, day] = self.day();
        // The last year that FAT knows is 2107, and not every year has a 29 February.
        let year = (year + 1).min(2107) - 1980;
        Self {
            date: year << 9 | month << 5 | day.min(28),
            time: self.time,
        }
    }

    fn day(self) -> [u16; 3] {
        [
            1980 + (self.date >> 9),
            self.date >> 5 & 0xf,
            self.date & 0x1f,
        ]
    }

    fn time_of_day(self) -> [u16; 3] {
        [
            self.time >> 11,
            self.time >> 5 & 0x3f,
            (self.time & 0x1f) * 2,
        ]
    }
}

impl fmt::Display for Modified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [year, month, day] = self.day();
        let [hour, minute, second] = self.time_of_day();
        write!(
            f,
            "{year}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"
        )
    }
}
