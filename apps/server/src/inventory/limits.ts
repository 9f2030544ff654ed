/** Components kept of one agent: real ones have some hundreds; a sender that invents names must not fill the disk. */
export const PARTS_PER_AGENT = 4_000
/** Names of tools whose calls are counted apart for an agent's class. */
export const TOOLS_COUNTED = 300
/** Versions kept of one document that declares an agent, the newest: one import a day for a year. */
export const DOCUMENT_VERSIONS = 400
/** Uses kept of one identity by one agent: pairs of action and resource, the least by text. */
export const USES_PER_IDENTITY = 500
/** Kinds of refusal by our proxies kept of one agent, each counted, and log positions kept as proof of one. */
export const REFUSALS_PER_AGENT = 500
export const PROOFS_PER_REFUSAL = 8
/** Members of one agent that are known by name: the least by text. */
export const MEMBERS_PER_AGENT = 300
/** Sessions of one identity that are told apart: pods or names of roles' sessions. */
export const SESSIONS_PER_IDENTITY = 64
/** Log positions kept as proof of them. */
export const PROOFS_PER_IDENTITY = 8
/** Recorded changes read for one answer, newest first. */
export const CHANGES_READ = 2_000
/** Blocks of cells read in one step towards a sighting that the log held by then. */
export const BLOCKS_READ = 64
/** Agents looked at for the roster and for findings of all agents. */
export const AGENTS_READ = 5_000
/** Rows of identities that one page of a scan reads, and all pages: one row for each agent of each identity. */
export const IDENTITY_PAGE = 5_000
export const IDENTITY_ROWS_READ = 500_000
/** Identities in one answer. */
export const IDENTITIES_LISTED = 5_000
/** Owners, and permissions, that are kept of one application of a directory: the largest known have some hundred. */
export const NAMES_OF_A_DIRECTORY = 200
