"""Every code a problem can carry, its default severity and its explanation.

One table serves the messages, `check --explain` and the reference page. A test demands one bad
example for each code, and no code without a use.
"""

from __future__ import annotations

from typing import NamedTuple


class Code(NamedTuple):
    """A fault's default severity and why it is one, in an author's words."""

    severity: str
    why: str


CODES: dict[str, Code] = {
    # --- files -------------------------------------------------------------------------------
    "file_unreadable": Code("error", "The file is not UTF-8 text, or cannot be read."),
    "file_too_large": Code("error", "A text file is larger than the site allows."),
    "file_name_unusable": Code(
        "error",
        "A file's name becomes its address: letters, digits, `.`, `_` and `-` only.",
    ),
    "file_kind_refused": Code(
        "error",
        "Content folders publish Markdown, images, sound, video, captions and PDF only.",
    ),
    "drawing_invalid": Code(
        "error", "A drawing can hold script and other documents; only what is surely one is shown."
    ),
    "drawing_cleaned": Code(
        "warning", "Readers see the drawing without what could run script or ask another host."
    ),
    "picture_invalid": Code(
        "error", "Browsers guess at a broken picture, and what claims another type can be a page."
    ),
    "picture_located": Code(
        "warning", "A photo's place can be somebody's home; readers get the photo without it."
    ),
    "symlink_refused": Code(
        "error", "Links in the file system could publish files from outside the repository."
    ),
    "duplicate_address": Code(
        "error", "Two files would be published at one address; one of them would be lost."
    ),
    "duplicate_id": Code(
        "error", "Two entries of one kind have the same id; subscribers could not tell them apart."
    ),
    # --- front matter ------------------------------------------------------------------------
    "front_matter_missing": Code(
        "error", "Every file begins with front matter: lines between two `---` lines."
    ),
    "front_matter_unclosed": Code(
        "error", "The front matter has no closing `---`, so all of the file would become text."
    ),
    "front_matter_invalid": Code(
        "error", "The front matter is not valid YAML, so nothing in it can be trusted."
    ),
    "front_matter_not_fields": Code("error", "Front matter is a list of `field: value` lines."),
    "yaml_feature_refused": Code(
        "error", "Anchors, aliases, tags and merges make small files explode and are not needed."
    ),
    "front_matter_too_deep": Code("error", "The front matter nests deeper than any field needs."),
    "duplicate_key": Code(
        "error", "A field stands twice; one of the two values would be lost in silence."
    ),
    "field_unknown": Code(
        "error", "No field has this name, so what it says would be ignored in silence."
    ),
    "field_missing": Code("error", "This kind of entry cannot be published without the field."),
    "value_invalid": Code("error", "The value is not of the form that this field takes."),
    "value_not_listed": Code("error", "The field takes one of a few words."),
    "value_not_a_list": Code("error", "The field takes a list."),
    "value_not_fields": Code("error", "The field takes fields of its own, `name: value`."),
    "value_not_text": Code("error", "The field takes a single value, not a list or fields."),
    "value_too_long": Code(
        "error", "The value is longer than lists, feeds and calendars can show."
    ),
    "text_has_controls": Code(
        "error",
        "Control and direction-changing characters break feeds and can hide what a reader sees.",
    ),
    # --- dates and times ---------------------------------------------------------------------
    "date_invalid": Code("error", "Dates are written `2026-05-21`, with times `2026-05-21 18:00`."),
    "time_invalid": Code("error", "Times are written `18:00`, in the event's own time zone."),
    "duration_invalid": Code("error", "Durations are written `45m`, `1h30m` or `2d`."),
    "timezone_unknown": Code(
        "error", "Time zones are IANA names such as `Europe/Berlin`; abbreviations are ambiguous."
    ),
    "local_time_does_not_exist": Code(
        "error", "Clocks skip this time when daylight saving begins."
    ),
    "local_time_is_ambiguous": Code(
        "warning", "Clocks show this time twice when daylight saving ends; the first is meant."
    ),
    "ends_before_start": Code("error", "The end is not after the start."),
    "event_too_long": Code(
        "error",
        "What takes longer than a year fills every view of a calendar, and is mostly a slip.",
    ),
    "end_and_duration": Code("error", "An end and a duration would contradict each other."),
    "end_mixes_date_and_time": Code(
        "error", "An event is all day, or has a time at its start and its end."
    ),
    # --- events ------------------------------------------------------------------------------
    "repeat_invalid": Code(
        "error", "The rule cannot be understood, so no date of it can be right."
    ),
    "start_not_in_repeat": Code(
        "error", "Calendar apps disagree about a first date that its own rule does not give."
    ),
    "change_matches_no_occurrence": Code(
        "error", "A change, exception or cancellation names a date that the rule does not give."
    ),
    "repeat_and_sessions": Code(
        "error", "An event repeats by a rule or has sessions on dates of their own, not both."
    ),
    "repeat_has_no_dates": Code(
        "error", "All dates of the rule are excepted; nothing would be left to attend."
    ),
    "rescheduled_without_previous_start": Code(
        "error", "Who knew the old date must be able to see that it is this event."
    ),
    "registration_closes_after_end": Code("error", "Nobody can register for what is over."),
    "registration_closes_before_it_opens": Code("error", "Nobody could ever register."),
    "mode_contradicts_place": Code(
        "error", "The mode says something else than the place and the address to join."
    ),
    "duplicate_event": Code(
        "warning", "Two files seem to announce one event; subscribers would see it twice."
    ),
    "events_clash": Code(
        "warning", "Whoever cares for the topic has to miss one of two events on it at one time."
    ),
    "after_missing": Code(
        "notice", "Who could not come finds nothing, and nobody will ever know how many came."
    ),
    "past_occurrences_changed": Code("warning", "The change moves dates that were already held."),
    # --- references and links ----------------------------------------------------------------
    "reference_unknown": Code(
        "error", "The entry that is named does not exist, so the page could not link to it."
    ),
    "reference_hidden": Code(
        "warning", "The entry that is named is hidden, so its name will not link to it."
    ),
    "tag_unknown": Code(
        "error", "Tags stand in content/tags.yml, so that spellings do not split a topic."
    ),
    "tags_collide": Code("error", "Two tags would have one address."),
    "tags_file_invalid": Code(
        "error", "content/tags.yml lists `slug: {title, description, aliases}`."
    ),
    "link_broken": Code("warning", "The link leads nowhere; readers would see an error page."),
    "external_link_broken": Code(
        "notice", "Another site does not answer, has moved, or has nothing there any more."
    ),
    "anchor_broken": Code("warning", "The page exists, the heading does not."),
    "links_to_hidden": Code(
        "warning", "The link leads to a page that readers cannot see yet, or no longer."
    ),
    "file_missing": Code(
        "warning", "A picture, recording or text that the entry names is not there to be shown."
    ),
    "image_missing": Code("warning", "The image is not there."),
    "image_elsewhere": Code(
        "warning", "Another host would learn of every reader, so the page only links to the image."
    ),
    "transcript_missing": Code(
        "warning", "People who cannot hear the recording, or have no time to, get nothing of it."
    ),
    "recording_size_unknown": Code(
        "warning", "Podcast apps ask how much there is to load, and some refuse what does not say."
    ),
    "podcast_cover_missing": Code(
        "warning", "Podcast directories take no podcast without a picture of its own."
    ),
    "alt_text_missing": Code(
        "warning", "People who cannot see the image get nothing in its place."
    ),
    "image_too_heavy": Code("warning", "The image makes the page slow on a phone."),
    "html_removed": Code(
        "warning",
        "Scripts, frames and other active HTML are removed: no text acts in a reader's browser.",
    ),
    "body_too_complex": Code(
        "error", "The text nests deeper, or repeats a mark more often, than any real text."
    ),
    "alias_taken": Code("error", "An old address that should redirect belongs to another page."),
    # --- people, guides, guidelines, partners ------------------------------------------------
    "filename_date_disagrees": Code(
        "warning", "The date in the file's name is not the date in its front matter."
    ),
    "weekday_disagrees": Code("warning", "The text names a weekday that the date does not have."),
    "review_overdue": Code("notice", "Nobody has confirmed for a while that this is still right."),
    "term_ended": Code("notice", "A role's term has ended; someone must renew it or hand it over."),
    "partner_renewal_due": Code("notice", "An agreement ends soon."),
    "import_invalid": Code(
        "error", "What is kept of a partner's source is shown to readers: all of it must be right."
    ),
    "import_unclaimed": Code(
        "warning", "No partner names the source that this file is kept of, so nothing shows it."
    ),
    "import_not_fetched": Code(
        "notice", "A source is switched on, and nothing has been fetched from its address yet."
    ),
    "logo_permission_ends": Code(
        "notice", "A mark is its owner's: it is shown as long as they allow, and no day longer."
    ),
    "guide_cycle": Code("error", "Guides that require each other can never be begun."),
    "guide_unreachable": Code(
        "warning", "No onboarding path leads to this guide, so newcomers will not find it."
    ),
    "small_count": Code("error", "A count of one to four can identify the people behind it."),
    "period_missing": Code(
        "warning",
        "A period without figures stands between two with figures; silence looks like hiding.",
    ),
    "unkind_word": Code(
        "warning", "Some readers are hurt or left out by the word, and there is another."
    ),
    "title_shouts": Code("warning", "Capitals read as shouting, and may be spelt out aloud."),
    "placeholder_left": Code("warning", "Readers would get a line that was meant for the author."),
    "contact_private": Code(
        "warning", "What stands on the site and in its history is there for everybody, for ever."
    ),
    "partner_undisclosed": Code("warning", "Readers can judge an interest that they know of."),
    "periods_overlap": Code(
        "error", "The difference between two sums tells what nobody meant to print."
    ),
    "report_channels_too_few": Code(
        "error", "Someone must be able to report without writing to the person they report."
    ),
    "guideline_active_twice": Code(
        "error", "Two active texts for one scope contradict each other."
    ),
    "guideline_unversioned": Code(
        "error", "Nobody could tell which text held on which day (seen by `check --base`)."
    ),
    "former_text_missing": Code(
        "error",
        "Whoever was judged by a rule must be able to read it later (seen by `check --base`).",
    ),
    "former_text_changed": Code(
        "error", "What the archive says held then must have held then (seen by `check --base`)."
    ),
    "version_not_in_changes": Code(
        "warning", "Members should be able to read what changed in this version."
    ),
    # --- what tools collected -----------------------------------------------------------------
    "figures_invalid": Code(
        "error",
        "A file of figures is not as the tool wrote it, so no figure made from it could be right.",
    ),
    # --- the published site ------------------------------------------------------------------
    "renamed_without_id": Code(
        "error",
        "Without the old id, subscribers see a new entry and lose the old one.",
    ),
    "id_reused": Code("error", "The id belonged to another entry that was deleted long ago."),
    "address_vanished": Code(
        "warning", "An address that was published is gone; links and bookmarks to it break."
    ),
    "authority_changed": Code(
        "error",
        "Feeds' and calendars' ids are made from the authority; a new one duplicates every entry.",
    ),
    "scheduled": Code("notice", "The entry is hidden until its date."),
}
