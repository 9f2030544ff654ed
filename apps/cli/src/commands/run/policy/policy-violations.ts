import type { RunSummary } from '@holdfast/api'
import type { PolicyArtifact, PolicyMode } from '@holdfast/model'
import type { Violation } from '../seccomp/violations.ts'
import { ENOSYS } from './in-mode.ts'
import type { RunPolicy } from './run-policy.ts'

/** What a policy of the run refused, or would have: which line of which artifact, who did it and in which conversation. */
export type PolicyViolation = {
  readonly event: string
  readonly artifact: string
  readonly kind: 'seccomp' | 'host-egress'
  /** Line of the document: RFC 6901. */
  readonly pointer: string
  readonly mode: PolicyMode
  /** The call, or the other end. */
  readonly what: string
  readonly process?: string
  readonly binary?: string
  readonly conversation?: string
  readonly count: number
}

export function policyViolations(
  policy: RunPolicy,
  { violations, unlisted }: { readonly violations: readonly Violation[]; readonly unlisted: RunSummary['unlisted'] },
): readonly PolicyViolation[] {
  const { seccomp, egress } = policy
  return [
    ...violations.flatMap((violation) =>
      seccomp === undefined || violation.artifact !== seccomp.artifact.id || violation.errno === ENOSYS
        ? []
        : [
            {
              ...rowOf(violation),
              artifact: seccomp.artifact.id,
              kind: 'seccomp' as const,
              pointer: lineOf(seccomp.artifact, violation.call),
              mode: seccomp.mode,
              what: violation.call,
            },
          ],
    ),
    ...unlisted.flatMap((row) =>
      row.artifact !== egress?.artifact.id
        ? []
        : [
            {
              ...rowOf(row),
              artifact: row.artifact,
              kind: 'host-egress' as const,
              // A list has one line that refuses.
              pointer: '/default',
              mode: row.mode,
              what: endOf(row),
            },
          ],
    ),
  ]
}

function rowOf({ event, process, binary, conversation, count }: Violation | RunSummary['unlisted'][number]) {
  return {
    event,
    count,
    ...(process === undefined ? {} : { process }),
    ...(binary === undefined ? {} : { binary }),
    ...(conversation === undefined ? {} : { conversation }),
  }
}

/** The line that names the call and does not let it through, else that of the default action. */
function lineOf({ document, lines }: PolicyArtifact, call: string): string {
  const rules = (document as { readonly syscalls?: readonly unknown[] }).syscalls ?? [] // a profile was made of it
  const at = rules.findIndex((rule) => {
    const { names = [], action } = rule as { readonly names?: readonly string[]; readonly action?: string }
    return action !== 'SCMP_ACT_ALLOW' && names.includes(call)
  })
  if (at < 0) return '/defaultAction'
  const { names = [] } = rules[at] as { readonly names?: readonly string[] } // the rule that was found
  const own = `/syscalls/${at}/names/${names.indexOf(call)}`
  return lines.some(({ pointer }) => pointer === own) ? own : `/syscalls/${at}`
}

function endOf({ address, port = 0, protocol, names, what }: RunSummary['unlisted'][number]): string {
  if (address === undefined) return `${what} (${protocol})`
  const end = address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
  return `${end}/${protocol}${names.length === 0 ? '' : ` (${names.join(', ')})`}`
}
