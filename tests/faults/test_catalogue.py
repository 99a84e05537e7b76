"""Which faults are put in, and by which tests: a list that fails when one is renamed or taken away."""

from __future__ import annotations

import re

import pytest

from tests.server import ROOT

FAULTS = {
    "who reads a page dies in the middle of it": (
        "faults/test_killed_workers.py::test_a_document_survives_the_death_of_those_who_read_it",
        "documents/test_conversion.py::test_a_page_that_kills_three_workers_is_given_up",
    ),
    "the whole worker dies": (
        "faults/test_killed_workers.py::test_a_document_survives_the_death_of_the_whole_worker",
        "faults/test_killed_workers.py::test_those_who_wait_for_work_can_die_too",
    ),
    "the web server is stopped while streams are open": (
        "faults/test_killed_servers.py::"
        "test_a_web_server_with_open_streams_stops_within_five_seconds_and_nothing_is_missed",
    ),
    "the web server dies in an upload, or after accepting and before anybody is told": (
        "faults/test_killed_servers.py::test_half_an_upload_leaves_no_document_and_no_file",
        "faults/test_killed_servers.py::test_what_was_accepted_the_moment_before_everything_died_is_read",
        "faults/test_power_cuts.py::test_what_was_not_accepted_leaves_neither_row_nor_file",
        "faults/test_power_cuts.py::test_what_was_accepted_is_whole_and_read_although_nobody_was_told",
        "faults/test_power_cuts.py::test_files_are_on_the_disk_before_their_names_and_their_rows",
    ),
    "the broker is gone and comes back": (
        "faults/test_with_redis.py::test_while_redis_is_gone_documents_are_accepted_and_read_when_it_is_back",
    ),
    "another server answers with errors, asks to wait, or says nonsense": (
        "providers/test_mathpix_client.py::test_a_question_is_asked_again_after",
        "providers/test_mathpix_client.py::test_what_may_have_been_done_is_not_sent_twice_after",
        "providers/test_mathpix_client.py::test_retry_after_is_waited_for",
        "providers/test_mathpix_client.py::test_an_answer_that_is_not_understood_is_said_to_be_so",
        "documents/test_remote_faults.py::test_the_sentence_for",
    ),
    "another server hangs, trickles, breaks off or is an impostor": (
        "documents/test_remote_faults.py::test_the_sentence_for_a_server_that_does_not_read",
        "documents/test_remote_faults.py::test_the_sentence_when_all_connections_are_taken",
        "attacks/test_certificates.py::test_nothing_is_said_to_a_server_that_vouches_for_itself",
    ),
    "the stream of another server is cut": (
        "documents/test_relaying.py::test_every_page_arrives_once_when_the_stream_is",
    ),
    "the disk is full": (
        "faults/test_scarcity.py::test_a_full_disk_is_told_nothing_half_is_kept_and_room_is_enough_to_go_on",
        "faults/test_scarcity.py::test_a_disk_that_fills_while_pages_are_read_costs_pictures_and_no_page",
    ),
    "the database is locked, or gone for a while": (
        "faults/test_scarcity.py::test_a_database_in_others_hands_is_waited_for",
        "faults/test_with_postgres.py::"
        "test_while_the_database_is_gone_nothing_crashes_and_when_it_is_back_all_goes_on",
    ),
    "the database can only be read, is missing, or is of an older version": (
        "faults/test_unusable_databases.py::"
        "test_a_database_that_can_only_be_read_refuses_in_the_words_of_the_contract_and_on_a_page",
        "faults/test_scarcity.py::"
        "test_what_is_sent_while_the_database_is_gone_is_refused_and_all_goes_on_when_it_is_back",
        "faults/test_scarcity.py::test_tables_of_an_older_version_are_red_and_told_with_what_to_do",
        "faults/test_unusable_databases.py::test_no_server_starts_with_a_database_that_cannot_be_used",
    ),
    "messages come twice, late or never": (
        "faults/test_messages.py::test_what_is_told_twice_is_done_once",
        "documents/test_conversion.py::test_two_turns_at_once_read_every_page_once",
        "documents/test_conversion.py::test_a_late_worker_overwrites_nothing",
        "documents/test_conversion.py::test_the_sweep_wakes_a_document_whose_message_was_lost",
    ),
    "the same is sent in many times at once": (
        "wire/test_files.py::test_many_equal_requests_at_once_make_one_document",
        "wire/test_jobs.py::test_many_equal_jobs_at_once_make_each_file_once",
    ),
    "a document hangs, swells or crashes its reader": (
        "attacks/test_hostile_files.py::test_each_is_told_how_it_ended_and_the_server_lives",
        "documents/test_conversion.py::test_a_page_that_never_ends_is_stopped",
        "documents/test_conversion.py::test_a_page_that_takes_all_memory_is_stopped",
    ),
    "an upload is cut, lies about its length, has no boundary, is empty or too large": (
        "faults/test_killed_servers.py::test_half_an_upload_leaves_no_document_and_no_file",
        "api/test_body.py::test_a_multipart_body_without_boundary_is_a_syntax_error",
        "contract/test_sdk.py::test_an_empty_file_is_refused_at_once",
        "wire/test_limits.py::test_a_file_that_is_announced_as_too_long_is_refused_unread",
        "attacks/test_bodies.py::test_nobody_is_waited_for_for_ever",
    ),
    "readers leave, read nothing, or are a thousand": (
        "faults/test_scarcity.py::test_readers_that_never_read_cost_no_memory_and_keep_nobody_waiting",
        "wire/test_stream.py::test_many_who_listen_hold_a_few_threads_together",
    ),
    "the clock is set, and days have 23 and 25 hours": (
        "faults/test_clocks.py::test_a_lease_of_a_clock_that_was_set_back_is_not_waited_for",
        "faults/test_clocks.py::test_whoever_lost_a_claim_by_a_jump_ahead_overwrites_nothing",
        "faults/test_clocks.py::test_no_wait_and_no_bar_is_below_nothing_when_the_clock_was_set_back",
        "faults/test_clocks.py::test_a_day_is_counted_right",
        "faults/test_clocks.py::test_a_token_opens_until_the_clock_on_the_wall_says_it_ends",
        "faults/test_clocks.py::test_pages_are_numbered_in_a_stream_and_not_timed",
    ),
    "who is called back is down, slow or leads elsewhere": (
        "documents/test_callbacks.py::test_what_is_not_taken_is_sent_again_with_the_same_bytes_until_it_is",
        "documents/test_callbacks.py::test_pauses_grow_and_then_it_is_given_up",
        "documents/test_callbacks.py::test_a_host_that_does_not_answer_keeps_its_other_messages_waiting",
        "documents/test_callbacks.py::test_a_name_that_leads_inside_is_not_reached",
    ),
    "a document is deleted while it is read": (
        "documents/test_retention.py::test_a_worker_that_was_reading_writes_nothing_afterwards",
        "documents/test_retention.py::test_what_a_late_worker_stores_is_swept_away",
    ),
    "a worker stands still and goes on later": (
        "faults/test_scarcity.py::"
        "test_a_worker_that_stands_still_is_overtaken_and_overwrites_nothing_when_it_goes_on",
    ),
    "addresses of others answer slowly or never": (
        "faults/test_slow_addresses.py::test_nobody_waits_for_the_addresses_of_others",
        "documents/test_fetch_slots.py::test_a_slot_is_free_again_when_its_holder_has_died",
    ),
    "files are left over, and processes grow": (
        "faults/test_leaks.py::test_work_leaves_no_file_behind_and_nobody_grows",
    ),
    "programs that make formats hang or crash": (
        "engine/test_confined.py::test_a_program_and_its_children_end_with_the_time",
        "engine/test_formats_printed.py::test_a_page_that_takes_too_long_to_print_is_given_up",
        "engine/test_formats_latex.py::test_a_text_that_never_ends_is_given_up",
    ),
    "a proxy keeps pages back": (
        "wire/test_stream.py::test_no_proxy_may_keep_pages_back_or_for_later",
        "wire/test_stream.py::test_a_silent_stream_shows_signs_of_life",
    ),
    "a machine is lost, others go on": (
        "faults/test_many_machines.py::test_a_document_outlives_the_machine_that_took_it_in",
    ),
    "anything of this at any moment, under mixed traffic": (
        "faults/test_soak.py::test_whatever_was_accepted_ends_and_the_ledger_equals_the_documents",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_there_is_a_test_that_puts_it_in(fault):
    for test in FAULTS[fault]:
        path, name = test.split("::")
        source = (ROOT / "tests" / path).read_text()
        assert re.search(rf"^(?:async )?def {name}\(", source, re.MULTILINE), test


def test_every_file_of_this_folder_is_on_the_list():
    named = {test.split("::")[0] for tests in FAULTS.values() for test in tests}
    here = {f"faults/{path.name}" for path in (ROOT / "tests" / "faults").glob("test_*.py")}
    assert here - {"faults/test_catalogue.py"} <= named
