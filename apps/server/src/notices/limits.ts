/** Notices kept in memory with what became of them: some weeks of incidents. The log has the older ones. */
export const NOTICES_KEPT = 2_000
/** Deliveries that wait for one channel: a storm of incidents while Slack is down over a week end. What is more is given up, recorded and counted. */
export const WAITING_PER_CHANNEL = 1_000
/** A first retry is soon, because somebody may be asleep; the pauses then grow by {@link BACK_OFF} up to the longest. */
export const FIRST_RETRY_MS = 5_000
export const BACK_OFF = 3
export const LONGEST_RETRY_MS = 2 * 60 * 60 * 1000
/** A notice is given up when it is this old: after two days nobody acts on it, and the list of notices says so. */
export const GIVEN_UP_AFTER_MS = 48 * 60 * 60 * 1000
/** What the other side may tell us to wait, at most: a hostile or broken answer must not silence a channel. */
export const LONGEST_ASKED_PAUSE_MS = 60 * 60 * 1000
/** What was told of one incident before, as far as a card or a ticket shows it. */
export const EARLIER_SHOWN = 50
/** Characters of a title, of a line, and lines of one notice. */
export const TITLE_CHARACTERS = 300
export const LINE_CHARACTERS = 600
export const LINES_OF_ONE = 20
