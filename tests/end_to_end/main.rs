//! The whole product against real nodes: scenarios on one twin that they share,
//! one after the other. Not in here: anything that a simulated node can show.
//!
//! A scenario asks the nodes and this machine themselves what is true there, and
//! leaves the twin as it found it. Any of them runs alone: name it, or a part of
//! its name, as an argument. Without root there is no twin, and all that need it
//! are ignored; with `BRAMBLE_NO_SKIP=1` they fail instead.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::exit,
    reason = "all of this is test code, and its output is for the terminal"
)]

mod adopt;
mod cards;
mod cluster_file;
mod cp;
mod drift;
mod host;
mod internet;
mod interruption;
mod job;
mod journey;
mod keeper;
mod nodes;
mod power;
mod ran;
mod remains;
mod run;
mod trust;
mod twin;
mod wrong_file;

use std::process::ExitCode;
use std::thread;
use std::time::Instant;

use libtest_mimic::{Arguments, Failed, Trial};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

type Scenario = (&'static str, fn());

macro_rules! scenarios {
    ($($module:ident::$name:ident),* $(,)?) => {
        &[$((concat!(stringify!($module), "::", stringify!($name)), $module::$name as fn())),*]
    };
}

const WITHOUT_TWIN: &[Scenario] = scenarios![
    wrong_file::all_mistakes_are_told_at_once_with_their_lines,
    wrong_file::a_good_file_is_clean,
];

const IN_THE_TWIN: &[Scenario] = scenarios![
    journey::try_computes_pi_on_every_core_of_every_worker,
    journey::a_second_up_changes_nothing_and_restarts_nothing,
    journey::a_cluster_at_rest_is_read_in_a_second,
    nodes::names_lead_to_cluster_addresses_everywhere,
    nodes::the_account_reaches_every_node_from_every_node,
    nodes::a_file_written_on_the_head_is_read_on_all_workers,
    nodes::workers_take_the_time_from_the_head,
    nodes::a_credential_of_one_node_is_good_on_another,
    nodes::slurm_counts_what_the_boards_have,
    nodes::a_link_carries_what_the_board_does,
    drift::what_was_changed_by_hand_is_shown_and_put_right,
    drift::a_service_that_missed_its_restart_gets_it_once,
    drift::an_up_that_was_cut_off_is_finished_by_the_next,
    drift::two_ups_at_once_do_not_mix,
    trust::a_password_opens_nothing,
    trust::a_worker_with_another_key_is_refused_on_every_path,
    trust::a_head_with_another_key_is_refused_on_every_path,
    trust::plain_ssh_and_scp_go_by_the_exported_configuration,
    trust::a_new_key_is_adopted_once_somebody_has_compared_it,
    trust::secrets_are_their_owners_alone,
    adopt::a_machine_with_a_system_of_its_own_becomes_a_node,
    run::equal_answers_are_shown_once,
    run::complaints_are_folded_apart,
    run::the_exit_code_says_whether_all_succeeded,
    run::answers_come_as_json,
    run::lines_are_shown_live_behind_their_node,
    run::answers_can_be_shown_one_by_one_or_against_the_usual_one,
    run::answers_are_written_to_a_file_a_node,
    run::standard_input_reaches_all_nodes,
    run::a_script_runs_with_its_arguments_and_leaves_nothing,
    run::variables_and_root_are_there_if_wanted,
    run::a_command_that_takes_too_long_is_ended_on_its_node,
    run::no_node_can_disturb_the_terminal_unless_it_may,
    run::ctrl_c_ends_the_command_on_all_nodes_and_shows_what_came,
    keeper::connections_are_kept_from_one_command_to_the_next,
    keeper::a_keeper_that_is_killed_is_told_and_replaced,
    keeper::another_user_gets_neither_to_the_connections_nor_to_the_keys,
    keeper::a_dead_node_costs_its_time_and_the_others_answer,
    cp::a_tree_goes_to_all_nodes_and_back_and_only_changes_go_again,
    cp::what_the_kernel_makes_when_it_is_read_is_copied_and_what_may_not_be_read_leaves_nothing,
    cp::a_node_that_cannot_take_it_is_told_with_the_remedy_and_the_others_are_done,
    cp::a_copy_that_is_killed_leaves_the_old_file_and_no_remains,
    cp::nodes_pass_a_file_on_and_whoever_is_not_trusted_is_sent_to_directly,
    job::a_program_runs_on_every_core_and_its_output_is_printed,
    job::a_job_can_be_listed_read_and_cancelled,
    job::a_job_that_fails_fails_the_command,
    internet::workers_get_out_only_while_they_may,
    internet::packages_are_installed_through_a_way_that_closes_again,
    host::the_network_of_this_machine_is_untouched,
    power::a_worker_without_power_is_named_and_the_others_are_finished,
    power::a_package_half_installed_at_a_power_cut_is_finished_by_the_next_up,
    power::a_head_without_power_is_named_as_the_reason_for_all,
    journey::the_smallest_example_runs_its_job,
    cards::nodes_boot_from_their_cards_and_become_what_the_file_says,
    interruption::ctrl_c_during_try_leaves_nothing,
    interruption::a_killed_try_is_cleaned_up_and_can_be_repeated,
];

/// Run with `--include-ignored` only.
const FOR_THE_PATIENT: &[Scenario] = scenarios![
    journey::every_example_runs_its_job,
    power::a_worker_that_falls_silent_is_given_up_after_a_minute,
];

/// These take the twin down.
const AT_THE_END: &[Scenario] = scenarios![remains::lab_down_is_quick_and_leaves_nothing];

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    arguments.test_threads = Some(1);
    remove_all_when_told_to_end();
    // The message itself is told with the result.
    std::panic::set_hook(Box::new(|panic| {
        eprintln!("failed at {}", panic.location().unwrap());
    }));
    let conclusion = libtest_mimic::run(&arguments, trials());
    let left = cluster_file::remove_all();
    if !left.is_empty() {
        eprintln!("the twins of the scenarios left:\n{}", left.join("\n"));
        return ExitCode::FAILURE;
    }
    conclusion.exit_code()
}

fn trials() -> Vec<Trial> {
    let each = |scenarios: &[Scenario], trial: fn(&Scenario) -> Trial| {
        scenarios.iter().map(trial).collect::<Vec<_>>()
    };
    [
        each(WITHOUT_TWIN, trial),
        each(IN_THE_TWIN, twin_trial),
        each(FOR_THE_PATIENT, |scenario| {
            twin_trial(scenario).with_ignored_flag(true)
        }),
        each(AT_THE_END, twin_trial),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn trial(&(name, scenario): &Scenario) -> Trial {
    Trial::test(name, move || {
        let started = Instant::now();
        scenario();
        print!("{:.1?} ", started.elapsed());
        Ok(())
    })
}

fn twin_trial(scenario: &Scenario) -> Trial {
    let Some(reason) = no_twin() else {
        return trial(scenario);
    };
    let must = std::env::var_os("BRAMBLE_NO_SKIP").is_some_and(|value| value == "1");
    Trial::test(scenario.0, move || Err(Failed::from(reason)))
        .with_kind(reason)
        .with_ignored_flag(!must)
}

/// Why there can be no twin for the scenarios to share, if there cannot.
fn no_twin() -> Option<&'static str> {
    if !rustix::process::geteuid().is_root() {
        return Some("only root can run a twin");
    }
    let by_nextest = std::env::var_os("NEXTEST").is_some();
    by_nextest.then_some("nextest would boot a twin for each: use `cargo test`")
}

fn remove_all_when_told_to_end() {
    let mut signals = Signals::new([SIGINT, SIGTERM]).unwrap();
    thread::spawn(move || {
        if signals.forever().next().is_some() {
            cluster_file::remove_all();
            std::process::exit(130);
        }
    });
}
