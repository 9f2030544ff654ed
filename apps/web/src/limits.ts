/** Rows asked for at a time by the lists that scroll through a whole conversation: some 100 KB of JSON. */
export const ROW_PAGE = 200
/** Pages of rows kept; scrolling through a million rows must not keep a million. */
export const ROW_PAGES_KEPT = 60
/** Rows asked for at a time by the hunt: some 250 KB of JSON. */
export const HUNT_PAGE = 500
/** Rows of a hunt kept in the page; nobody reads more, and the command line gives all. */
export const HUNT_ROWS = 50_000
/** Values of a stacked column. */
export const STACK_VALUES = 500
/** Values of a column that stand beside something else. */
export const BESIDE_VALUES = 30
/** Agents whose definitions of one tool are compared, and places that one text came from, each a question of its own. */
export const SOURCE_AGENTS = 5
export const SOURCE_SERVERS = 3
/** Questions of a hunt that the browser remembers. */
export const HUNT_HISTORY = 200
/** Rows of a list page that grows by "load more". */
export const LIST_PAGE = 100
/** Steps of a path that are named at once; longer ones are cut in the middle, and say so. */
export const PATH_STEPS = 40
/** Rows of the live tail kept in the page; older ones are dropped and counted. */
export const TAIL_ROWS = 2_000
/** Of what was recorded before a tail was opened, so many events are looked through, a page at a time: seconds of reading. */
export const TAIL_PAST = 5_000
export const TAIL_PAST_PAGE = 1_000
/** The tail paints at most this often: a burst is one paint, not a thousand. */
export const TAIL_PAINT_MS = 150
/** Moments of an incident's timeline that are read at first, and when more is asked for: the most that the API gives. */
export const MOMENTS_SHOWN = 300
export const MOMENTS_MOST = 2_000
/** Until what could not be saved is sent again. */
export const SAVE_AGAIN_MS = 5_000
/** How an incident stands is read again in this time also where the log does not grow: holds end, and silence has its length. */
export const STANDING_READ_MS = 30_000
/** Figures over all cases are read again so often: they are of hundreds of cases, and move by the hour. */
export const FIGURES_READ_MS = 30_000
/** Views are read again at most this often, however fast the log grows. */
export const REFRESH_MS = 2_000
/** Members of a folded node that the API names. */
export const FOLDED_MEMBERS = 50
/** Events of each kind that an agent's page names; the tail and the conversations have the rest. */
export const NEWEST_EVENTS = 12

/** Values of one join that are asked for at once: the API's own bound. */
export const VALUES_ASKED = 64
/** Items of one layer of an audit row that are shown at once. */
export const ITEMS_AT_ONCE = 12
/** Of items with one label. */
export const ITEMS_OF_ONE = 100
/** Entries of a profile that are shown at once. */
export const PROFILE_ROWS = 50
/** Grants of one lane that are shown at once; a wide role of a cloud has hundreds. */
export const LANE_ROWS = 25
/** Lines of a policy that are drawn at once: a list of system calls has hundreds. */
export const POLICY_LINES = 100
/** How often a replay is asked how far it is. */
export const SIMULATION_LOOK_MS = 500

/** Rows asked for at a time when a list is copied: the most that the API gives. */
export const COPIED_PAGE = 1_000
/** Pages of a list that are copied: as many rows as a person takes into a spreadsheet. */
export const COPIED_PAGES = 10
/** How long each step of a replay is shown at least; with less motion asked for, so long that each can be read. */
export const PLAY_BEAT_MS = 600
export const PLAY_SLOW_BEAT_MS = 2_000
/** Beats of a whole replay: a minute, whatever its length. */
export const PLAY_BEATS = 100
/** Bookmarks on one strip. */
export const BOOKMARKS = 100
/** Places of nodes kept by the content of their graphs: going back to a drawing lays nothing out. */
export const LAYOUTS_KEPT = 40
/** Pages of this tab's history whose places are kept; who goes back further begins at the top. */
export const PLACES_KEPT = 50
/** Frames in which nothing was being read, after which a page is taken to be whole: half a second. */
export const QUIET_FRAMES = 30
/** Frames for which a page is held in its place at most, half a minute: one that always reads is let go. */
export const FRAMES_HELD = 1_800
