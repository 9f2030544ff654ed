/** Notices kept in memory with what became of them: some weeks of incidents. The log has the older ones. */
export const NOTICES_KEPT = 2_000
/** Deliveries that wait for one channel: a storm of incidents while Slack is down over a week end. What is more is given up, recorded and counted. */
export const WAITING_PER_CHANNEL = 1_000
/** A first retry is soon, because somebody may be asleep; the pauses then grow up to two hours. A hostile or broken answer must not silence a channel for longer than one. */
export const NOTICE_PACE = {
  firstMs: 5_000,
  factor: 3,
  longestMs: 2 * 60 * 60 * 1000,
  longestAskedMs: 60 * 60 * 1000,
} as const
/** A notice is given up when it is this old: after two days nobody acts on it, and the list of notices says so. */
export const GIVEN_UP_AFTER_MS = 48 * 60 * 60 * 1000
/** What was told of one incident before, as far as a card or a ticket shows it. */
export const EARLIER_SHOWN = 50
/** Characters of a title, of a line, and lines of one notice. */
export const TITLE_CHARACTERS = 300
export const LINE_CHARACTERS = 600
export const LINES_OF_ONE = 20
/** Rows of the list of incidents that are looked at: the list's own most. Repeats are one row, so a storm is a few. */
export const INCIDENTS_LOOKED_AT = 500
/** Incidents that are looked up in one look; the rest follows in the next: each is read anew from the log by a worker that others ask too. */
export const LOOKED_UP_AT_ONCE = 20
/** Incidents of which it is known how they were told; those beyond are looked up in the notices again. */
export const INCIDENTS_REMEMBERED = 10_000
/** A batch that was folded is judged a moment later; one look is for all batches of that time. */
export const LOOK_AFTER_MS = 300
/** While something waits to be judged. */
export const LOOK_AGAIN_MS = 1_000
/** Steps of cases and holds that are read in one turn. */
export const STEPS_PER_TURN = 200
/** Of one call of Slack: an interaction with its message is a few kilobytes. */
export const SLACK_BODY_BYTES = 256 * 1024
/** Pressed buttons that are remembered, so that one that Slack repeats counts once; the repeats come within minutes. */
export const SLACK_ACTIONS_REMEMBERED = 1_000
/** Ids under which incidents go by now, beside those by which they were told; later ones are looked up again when they change. */
export const ALIASES_KEPT = 10_000
