import { buildApplication, buildRouteMap, text_en, type RouteMap } from '@stricli/core'
import { CliError } from './cli-error.ts'
import { accountsCommands } from './commands/accounts/command.ts'
import { agentsCommand } from './commands/agents/command.ts'
import { attestCommands } from './commands/attest/command.ts'
import { auditCommands } from './commands/audit/command.ts'
import { baselineCommands } from './commands/baseline/command.ts'
import { bomCommands } from './commands/bom/command.ts'
import { completionCommands } from './commands/completion/command.ts'
import { connectorsCommands } from './commands/connectors/command.ts'
import { containCommands } from './commands/contain/command.ts'
import { corpusCommands } from './commands/corpus/command.ts'
import { detectorCommands } from './commands/detector/command.ts'
import { demoCommand } from './commands/demo/command.ts'
import { diagnoseCommands } from './commands/diagnose/command.ts'
import { runbooksCommands } from './commands/runbooks/command.ts'
import { skillsCommands } from './commands/skills/command.ts'
import { policyCommands } from './commands/policy/command.ts'
import { driftCommands } from './commands/drift/command.ts'
import { dutiesCommands } from './commands/duties/command.ts'
import { evalCommand } from './commands/eval/command.ts'
import { doctorCommand } from './commands/doctor/command.ts'
import { evidenceCommands } from './commands/evidence/command.ts'
import { graphCommand } from './commands/graph/command.ts'
import { importCommand } from './commands/import/command.ts'
import { incidentsCommands } from './commands/incidents/command.ts'
import { llmCommand } from './commands/llm/command.ts'
import { logCommands } from './commands/log/command.ts'
import { mcpCommand } from './commands/mcp/command.ts'
import { mcpServerCommand } from './commands/mcp-server/command.ts'
import { responseCommands } from './commands/response/command.ts'
import { noticesCommands } from './commands/notices/command.ts'
import { rosterCommands } from './commands/roster/command.ts'
import { rulesCommands } from './commands/rules/command.ts'
import { scorecardCommands } from './commands/scorecard/command.ts'
import { scopeCommand } from './commands/scope/command.ts'
import { runCommand } from './commands/run/command.ts'
import { sensorCommands } from './commands/sensor/command.ts'
import { tailCommand } from './commands/tail/command.ts'
import { upCommand } from './commands/up/command.ts'
import type { CliContext } from './context.ts'
import { EXIT } from './exit-codes.ts'
import { bare } from './flags.ts'
import { rootHelp } from './root-help.ts'
import { inert } from './render/inert.ts'
import { VERSION } from './version.ts'

const routes = {
  up: upCommand,
  run: runCommand,
  mcp: mcpCommand,
  mcpServer: mcpServerCommand,
  llm: llmCommand,
  demo: demoCommand,
  doctor: doctorCommand,
  eval: evalCommand,
  tail: tailCommand,
  agents: agentsCommand,
  bom: bomCommands,
  roster: rosterCommands,
  baseline: baselineCommands,
  graph: graphCommand,
  evidence: evidenceCommands,
  audit: auditCommands,
  scope: scopeCommand,
  drift: driftCommands,
  policy: policyCommands,
  diagnose: diagnoseCommands,
  scorecard: scorecardCommands,
  attest: attestCommands,
  incidents: incidentsCommands,
  duties: dutiesCommands,
  skills: skillsCommands,
  runbooks: runbooksCommands,
  detector: detectorCommands,
  rules: rulesCommands,
  contain: containCommands,
  corpus: corpusCommands,
  response: responseCommands,
  notices: noticesCommands,
  connectors: connectorsCommands,
  log: logCommands,
  sensor: sensorCommands,
  accounts: accountsCommands,
  import: importCommand,
  completion: completionCommands,
}

const root = buildRouteMap<keyof typeof routes, CliContext>({
  routes: bare(routes),
  aliases: bare({}),
  docs: { brief: 'Runtime security for AI agents' },
})

const rootWithHelp: RouteMap<CliContext> = {
  ...root,
  formatHelp: () =>
    rootHelp(root.getAllEntries().map(({ name, target }) => [name['convert-camel-to-kebab'], target.brief])),
}

/** The whole command; running code is loaded by the one command that needs it. */
export const app = buildApplication<CliContext>(rootWithHelp, {
  name: 'holdfast',
  versionInfo: { currentVersion: VERSION },
  scanner: { caseStyle: 'allow-kebab-for-camel', allowArgumentEscapeSequence: true },
  documentation: { caseStyle: 'convert-camel-to-kebab', useAliasInUsageLine: false, disableAnsiColor: true },
  determineExitCode: (fault) => (fault instanceof CliError ? EXIT[fault.code] : EXIT.fault),
  localization: {
    text: {
      ...text_en,
      exceptionWhileParsingArguments: (fault) =>
        `holdfast: ${inert(fault instanceof Error ? fault.message : String(fault))}\nhelp: add --help`,
      exceptionWhileRunningCommand: faultText,
      noCommandRegisteredForInput: ({ input, corrections }) => {
        const guess = corrections.length === 0 ? '' : `, did you mean ${corrections.join(' or ')}?`
        return `holdfast: there is no command "${inert(input)}"${guess}\nhelp: holdfast --help`
      },
    },
  },
})

/** What a person reads when a command fails. A fault of ours shows its stack, for the report that follows. */
function faultText(fault: unknown): string {
  if (fault instanceof CliError) {
    return `holdfast: ${fault.message}${fault.remedy === undefined ? '' : `\nnext: ${fault.remedy}`}`
  }
  return `holdfast: ${fault instanceof Error ? (fault.stack ?? fault.message) : String(fault)}`
}
