//! A table read piece by piece: what to look at next follows from what was seen. Not in
//! here: where the pieces come from, and what they mean (`mbr`, `gpt`).

use std::ops::Range;

use super::gpt::{self, Header};
use super::{MOST_PARTITIONS, Partition, PartitionError, SECTOR, Scheme, Table, mbr};

/// Learns a table from the pieces that it asks for.
#[derive(Debug, Default)]
pub(crate) struct TableReader {
    next: Next,
    table: Option<Table>,
    /// Containers of logical partitions, or the rest of one, that were not looked into:
    /// the next one last.
    containers: Vec<Range<u64>>,
    /// How many logical partitions there are.
    logical: u32,
    /// How many links to logical partitions were followed.
    links: usize,
    problem: Option<PartitionError>,
}

/// What is looked at next.
#[derive(Debug, Default)]
enum Next {
    #[default]
    FirstSector,
    GptHeader,
    GptEntries(Header),
    /// The sector at `at`, which leads to one logical partition and to the next sector.
    Link {
        container: Range<u64>,
        at: u64,
    },
    Nothing,
}

impl TableReader {
    /// The bytes that are to be seen next.
    pub(crate) fn wants(&self) -> Option<Range<u64>> {
        match &self.next {
            Next::FirstSector => Some(0..SECTOR),
            Next::GptHeader => Some(gpt::HEADER),
            Next::GptEntries(header) => Some(header.entries.clone()),
            Next::Link { at, .. } => Some(*at..at.saturating_add(SECTOR)),
            Next::Nothing => None,
        }
    }

    /// Takes the bytes that were wanted.
    pub(crate) fn learn(&mut self, bytes: &[u8]) {
        let learnt = match std::mem::replace(&mut self.next, Next::Nothing) {
            Next::FirstSector => {
                self.first_sector(bytes);
                Ok(())
            }
            Next::GptHeader => self.gpt_header(bytes),
            Next::GptEntries(header) => self.gpt_entries(&header, bytes),
            Next::Link { container, at } => {
                let rest = at..container.end;
                let linked = self.link(container, at, bytes);
                if linked.is_err() {
                    self.containers.push(rest);
                }
                linked
            }
            Next::Nothing => Ok(()),
        };
        self.problem = learnt.err().or(self.problem.take());
    }

    /// The bytes that were wanted cannot be had.
    pub(crate) fn missed(&mut self) {
        let Some(Range { start: at, .. }) = self.wants() else {
            return;
        };
        // What is shorter than a sector has no table.
        if !matches!(self.next, Next::FirstSector) {
            self.problem = Some(PartitionError::OutOfReach { at });
        }
        self.containers.extend(self.link_ahead());
        self.next = Next::Nothing;
    }

    /// The table as far as it is known. That there is none is certain when nothing is
    /// wanted any more and there is no problem.
    pub(crate) fn table(&self) -> Option<&Table> {
        self.table.as_ref()
    }

    /// Why there is no table, or not all of it.
    pub(crate) fn problem(&self) -> Option<&PartitionError> {
        self.problem.as_ref()
    }

    /// Where further partitions may turn up.
    pub(crate) fn unsettled(&self) -> Vec<Range<u64>> {
        self.containers
            .iter()
            .cloned()
            .chain(self.link_ahead())
            .collect()
    }

    /// From the link that is wanted to the end of its container.
    fn link_ahead(&self) -> Option<Range<u64>> {
        match &self.next {
            Next::Link { container, at } => Some(*at..container.end),
            _ => None,
        }
    }

    /// The table, after the last piece.
    pub(crate) fn into_table(self) -> Result<Option<Table>, PartitionError> {
        self.problem.map_or(Ok(self.table), Err)
    }

    fn first_sector(&mut self, sector: &[u8]) {
        let Some(entries) = mbr::dividing(sector) else {
            return;
        };
        if mbr::is_protective(&entries) {
            self.next = Next::GptHeader;
            return;
        }
        let used = entries.iter().zip(1..).filter(|(entry, _)| entry.is_used());
        let partitions = used.map(|(entry, number)| entry.partition(number, 0));
        let partitions: Vec<_> = partitions.collect();
        let containers = partitions.iter().filter(|found| found.kind.is_container());
        self.containers = containers.map(|found| found.start..found.end()).collect();
        self.containers.reverse();
        let disk_id = mbr::disk_id(sector);
        let scheme = Scheme::Mbr { disk_id };
        self.table = Some(Table { scheme, partitions });
        self.next_container();
    }

    fn next_container(&mut self) {
        if let Some(container) = self.containers.pop() {
            let at = container.start;
            self.next = Next::Link { container, at };
        }
    }

    fn gpt_header(&mut self, sector: &[u8]) -> Result<(), PartitionError> {
        let header = Header::parse(sector)?;
        self.next = Next::GptEntries(header);
        Ok(())
    }

    fn gpt_entries(&mut self, header: &Header, bytes: &[u8]) -> Result<(), PartitionError> {
        let partitions = header.partitions(bytes)?;
        let scheme = Scheme::Gpt { end: header.end };
        self.table = Some(Table { scheme, partitions });
        Ok(())
    }

    fn link(
        &mut self,
        container: Range<u64>,
        at: u64,
        sector: &[u8],
    ) -> Result<(), PartitionError> {
        let damaged = |what| PartitionError::Damaged { at, what };
        self.links += 1;
        if self.links > MOST_PARTITIONS {
            return Err(damaged("it has more than 128 links of logical partitions"));
        }
        let entries = mbr::entries(sector);
        let [own, next, ..] = entries.ok_or_else(|| damaged("no link of logical partitions"))?;
        if own.is_used() {
            let partition = own.partition(5 + self.logical, at);
            if partition.start <= at || partition.end() > container.end {
                return Err(damaged("a logical partition lies outside of its container"));
            }
            self.add_logical(partition).map_err(damaged)?;
        }
        if !next.is_used() {
            self.next_container();
            return Ok(());
        }
        let following = container.start.saturating_add(next.offset());
        // A chain that only goes forward has an end.
        if following <= at || following >= container.end {
            return Err(damaged(
                "a link of logical partitions leads back or outside",
            ));
        }
        let at = following;
        self.next = Next::Link { container, at };
        Ok(())
    }

    fn add_logical(&mut self, partition: Partition) -> Result<(), &'static str> {
        let partitions = self.table.as_mut().map(|table| &mut table.partitions);
        let room = partitions.filter(|partitions| partitions.len() < MOST_PARTITIONS);
        room.ok_or("it has more than 128 partitions")?
            .push(partition);
        self.logical += 1;
        Ok(())
    }
}
