import type { Command, RouteMap } from '@stricli/core'
import type { CliContext } from './context.ts'

/** A command of the root: what its line in the help says, and what loads it. */
export type RootCommand = {
  /** The same as its own help begins with; a test compares the two. */
  readonly brief: string
  readonly load: () => Promise<Command<CliContext> | RouteMap<CliContext>>
}

/**
 * Every command of the root, in the order of the help. None is loaded by naming it: the help of all of them and a word that is
 * none must not wait for code that runs none.
 */
export const ROOT_COMMANDS = {
  up: {
    brief: 'Run the server: record, join, show',
    load: async () => (await import('./commands/up/command.ts')).upCommand,
  },
  run: {
    brief: 'Run an agent and show what it did; ends with its exit code',
    load: async () => (await import('./commands/run/command.ts')).runCommand,
  },
  mcp: {
    brief: 'Stand before an MCP server and record what passes; ends with its exit code',
    load: async () => (await import('./commands/mcp/command.ts')).mcpCommand,
  },
  mcpServer: {
    brief: 'Let an assistant read incidents, evidence and inventory over MCP, and propose a plan',
    load: async () => (await import('./commands/mcp-server/command.ts')).mcpServerCommand,
  },
  llm: {
    brief: 'Stand before a model provider and record each call',
    load: async () => (await import('./commands/llm/command.ts')).llmCommand,
  },
  demo: {
    brief: 'Four incidents as they happen, by real agents, so that there is something to look at',
    load: async () => (await import('./commands/demo/command.ts')).demoCommand,
  },
  doctor: {
    brief: 'What is wrong, what would be missing now, and the exact remedy: exit 1 on a FAIL',
    load: async () => (await import('./commands/doctor/command.ts')).doctorCommand,
  },
  eval: {
    brief: 'Print the figures behind the detector, from recorded runs with labels; no server needed',
    load: async () => (await import('./commands/eval/command.ts')).evalCommand,
  },
  tail: {
    brief: 'Follow what agents do while they do it',
    load: async () => (await import('./commands/tail/command.ts')).tailCommand,
  },
  search: {
    brief:
      'What an id or a name stands for: incident, plan, finding, agent, pod, conversation, trace, span, event, tool, document, digest',
    load: async () => (await import('./commands/search/command.ts')).searchCommand,
  },
  hunt: {
    brief: 'Search all events: by value, word, captured text and time',
    load: async () => (await import('./commands/hunt/command.ts')).huntCommand,
  },
  agents: {
    brief: 'Agents that were heard, the latest first',
    load: async () => (await import('./commands/agents/command.ts')).agentsCommand,
  },
  fleet: {
    brief: 'All agents together: by class and state, blind spots, ingest and integrity',
    load: async () => (await import('./commands/fleet/command.ts')).fleetCommand,
  },
  bom: {
    brief: 'What agents are made of: inventory, changes, export, findings, approvals, risks',
    load: async () => (await import('./commands/bom/command.ts')).bomCommands,
  },
  roster: {
    brief: 'Which agents may run: register, pin, retire, sign',
    load: async () => (await import('./commands/roster/command.ts')).rosterCommands,
  },
  baseline: {
    brief: 'What agents normally do: convergence, entries, marks, tracks',
    load: async () => (await import('./commands/baseline/command.ts')).baselineCommands,
  },
  graph: {
    brief: 'What one prompt set off: the execution graph of a conversation',
    load: async () => (await import('./commands/graph/command.ts')).graphCommand,
  },
  readers: {
    brief: 'Every execution that read a document, whichever agent it was of',
    load: async () => (await import('./commands/readers/command.ts')).readersCommand,
  },
  evidence: {
    brief: 'Forensic artifacts of a conversation or an incident: status, seal, export, stamp, verify',
    load: async () => (await import('./commands/evidence/command.ts')).evidenceCommands,
  },
  audit: {
    brief: 'Audit rows: what an act did in every layer, and the proof: row, list, verify',
    load: async () => (await import('./commands/audit/command.ts')).auditCommands,
  },
  scope: {
    brief: 'What an agent may, against what it does',
    load: async () => (await import('./commands/scope/command.ts')).scopeCommand,
  },
  drift: {
    brief: 'What changed of how agents behave: evolution and risky drift',
    load: async () => (await import('./commands/drift/command.ts')).driftCommands,
  },
  policy: {
    brief: 'Policies made of behaviour: derived, proven, replayed and rolled out',
    load: async () => (await import('./commands/policy/command.ts')).policyCommands,
  },
  diagnose: {
    brief: 'Five questions and nine capabilities of an agent, answered from the log',
    load: async () => (await import('./commands/diagnose/command.ts')).diagnoseCommands,
  },
  scorecard: {
    brief: 'Tool categories by the four phases, for your own stack',
    load: async () => (await import('./commands/scorecard/command.ts')).scorecardCommands,
  },
  attest: {
    brief: 'One signed statement a day: what was covered, and what was not',
    load: async () => (await import('./commands/attest/command.ts')).attestCommands,
  },
  incidents: {
    brief: 'Incidents, each with one type and the evidence for it',
    load: async () => (await import('./commands/incidents/command.ts')).incidentsCommands,
  },
  duties: {
    brief: 'Duties to notify: regimes on and off, and the clocks of an incident',
    load: async () => (await import('./commands/duties/command.ts')).dutiesCommands,
  },
  skills: {
    brief: 'Response procedures: rehearse them, run them on record',
    load: async () => (await import('./commands/skills/command.ts')).skillsCommands,
  },
  runbooks: {
    brief: 'Runbooks as CACAO 2.0: export and import',
    load: async () => (await import('./commands/runbooks/command.ts')).runbooksCommands,
  },
  detector: {
    brief: 'The detector: learn from confirmed incidents, look at its weights',
    load: async () => (await import('./commands/detector/command.ts')).detectorCommands,
  },
  rules: {
    brief: 'Rules: list, test by their data, lint, take from Sigma and give to it; what they cover',
    load: async () => (await import('./commands/rules/command.ts')).rulesCommands,
  },
  contain: {
    brief: 'Hold an agent: restrict, quarantine, pause, stop, kill',
    load: async () => (await import('./commands/contain/command.ts')).containCommands,
  },
  corpus: {
    brief: 'Documents and memory records that contexts are kept from',
    load: async () => (await import('./commands/corpus/command.ts')).corpusCommands,
  },
  response: {
    brief: 'What may be done about an incident without a person',
    load: async () => (await import('./commands/response/command.ts')).responseCommands,
  },
  notices: {
    brief: 'What was told, to whom, and whether it arrived',
    load: async () => (await import('./commands/notices/command.ts')).noticesCommands,
  },
  connectors: {
    brief: 'Other systems: where the server may act, and whom it tells',
    load: async () => (await import('./commands/connectors/command.ts')).connectorsCommands,
  },
  log: {
    brief: 'The tamper-evident log: verify, checkpoint, cool, cold, restore',
    load: async () => (await import('./commands/log/command.ts')).logCommands,
  },
  sensor: {
    brief: 'Kernel sensors of other hosts: token, enrol, run, revoke',
    load: async () => (await import('./commands/sensor/command.ts')).sensorCommands,
  },
  accounts: {
    brief: 'Who may sign in: add, change, renew, revoke, readmit',
    load: async () => (await import('./commands/accounts/command.ts')).accountsCommands,
  },
  import: {
    brief: 'Load recordings, histories, and documents that declare agents',
    load: async () => (await import('./commands/import/command.ts')).importCommand,
  },
  config: {
    brief: 'What the server would run with, and who says so',
    load: async () => (await import('./commands/config/command.ts')).configCommands,
  },
  completion: {
    brief: 'Completion of commands, flags and ids in a shell',
    load: async () => (await import('./commands/completion/command.ts')).completionCommands,
  },
} as const satisfies Readonly<Record<string, RootCommand>>

export type RootName = keyof typeof ROOT_COMMANDS
