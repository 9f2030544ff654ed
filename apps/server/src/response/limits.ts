/** Plans that are known; the log has all. An incident has some dozens, a year some thousands. */
export const PLANS_KEPT = 10_000

/** Things on record of one plan that are held: a step has about five, and each news of a probe is one more. */
export const PLAN_RECORDS_KEPT = 2_000

/** What is in effect is tried anew so often: what opens a hold is found before the shortest clock of an hour-long one is over. */
export const PROBE_EVERY_MS = 60_000

/** After a try that failed (a provider that is away, a release that was refused) so long passes before the next. */
export const RETRY_MS = 30_000

/** Each further failure doubles that, up to here: a system that is away for long is not asked for nothing all the time. */
export const RETRY_MOST_MS = 600_000

/** An incident that could not be answered so often is left to people, who are told. */
export const TRIES_MOST = 6

/** How long a responder may take to say something, and to do, undo or try something: a stop waits 10 s, and a cloud is slow. */
export const ASK_MS = 30_000
export const ACT_MS = 120_000

/** How often it is looked whether anything is due. Nothing is asked of anybody by that alone. */
export const TICK_MS = 1_000

/** Incidents that wait for the automatic response; what is beyond is counted, told, and looked at again at its next change. */
export const INCIDENTS_WAITING = 1_000

/** Incidents that are looked at when the server starts, the newest rows of the list. */
export const INCIDENTS_AT_START = 500

/** Incidents of which it is known what was thought of them last. */
export const INCIDENTS_REMEMBERED = 10_000

/** Names and addresses that an agent may still reach while it is restricted, as the kernel's list takes them. */
export const ALLOWED_MOST = 256

/** Of these kept for where the agent sends what it tells: the listeners of one server, over both families. */
export const COLLECTORS_MOST = 8

/** Agents that are held in one minute without a person, unless the policy says otherwise: those of one incident. */
export const AGENTS_A_MINUTE = 3

/** Texts in a record, so that a refusal by a provider of another machine fills no log. */
export const DETAIL_CHARACTERS = 1_000

/** Plans of all incidents in one answer, unless told; 500 at most. */
export const PLANS_LISTED = 100
