import { buildCommand } from '@stricli/core'
import type { CliContext } from '../../context.ts'
import { bare, dataFlag, noInputFlag, type DataFlags } from '../../flags.ts'
import { agentFlags, type AgentFlags } from '../../roster/agent-flags.ts'
import type { PolicyFlags } from './policy/run-policy.ts'
import { documentation } from '../documentation.ts'

export type RunFlags = DataFlags &
  AgentFlags &
  PolicyFlags & {
    readonly name?: string
    readonly otlp?: string
    readonly seccomp?: string
    readonly json: boolean
    readonly noInput: boolean
  }

export const runCommand = buildCommand<RunFlags, string[], CliContext>({
  loader: async () => (await import('./run.ts')).runAgent,
  parameters: {
    flags: bare({
      ...dataFlag,
      ...agentFlags,
      name: {
        kind: 'parsed',
        parse: parseName,
        optional: true,
        brief: 'Name of the agent (default: that of the program)',
        placeholder: 'NAME',
      },
      otlp: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'Where the agent is to send its telemetry (default: the server)',
        placeholder: 'URL',
      },
      seccomp: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'Seccomp profile (OCI or Docker) that it runs under',
        placeholder: 'FILE',
      },
      policy: {
        kind: 'parsed',
        parse: String,
        variadic: true,
        optional: true,
        brief: 'Seccomp and egress policies that it runs under: a file, or the id of an artifact',
        placeholder: 'FILE|ID',
      },
      mode: {
        kind: 'enum',
        values: ['monitor', 'enforce'],
        optional: true,
        brief: 'Tell what the policies would refuse, or refuse it (default: monitor)',
      },
      loopback: {
        kind: 'enum',
        values: ['own', 'any'],
        optional: true,
        brief: 'Under an egress policy: listeners of its own on loopback, or anybody there (default: own)',
      },
      json: {
        kind: 'boolean',
        default: false,
        withNegated: false,
        brief: 'Print what it did as JSON; its own output goes to standard error',
      },
      ...noInputFlag,
    }),
    aliases: bare({}),
    positional: {
      kind: 'array',
      minimum: 1,
      parameter: { brief: 'Program and its arguments, after --', parse: String, placeholder: 'CMD' },
    },
  },
  docs: documentation('Run an agent and show what it did; ends with its exit code', [
    ['-- node agent.js', 'its processes, files, connections and tool calls'],
    ['--seccomp profile.json -- node agent.js', 'under a profile; what that refuses is shown'],
    ['--policy policies.json --mode enforce -- node agent.js', 'under the policies made of its behaviour'],
    ['--name builder --json -- ./build.sh', 'for scripts: one JSON document, and the exit code of build.sh'],
  ]),
})

/** As long as an agent's name may be, on one line. */
function parseName(text: string): string {
  if (!/^[^\p{Cc}\p{Cf}/]{1,128}$/u.test(text))
    throw new SyntaxError('a name is 1 to 128 characters on one line, without "/"')
  return text
}
