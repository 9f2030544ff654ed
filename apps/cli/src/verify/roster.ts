import { readSignedStatement } from './signed-statement.ts'
import { member } from './strict-json.ts'

/** A roster document whose signature holds, or what is wrong with it. */
export type RosterVerdict =
  | {
      readonly ok: true
      readonly origin: string
      /** Entries of the log when it was signed. */
      readonly size: number
      readonly mode: string
      readonly agents: readonly unknown[]
      readonly tools: readonly unknown[]
      /** Absent where nobody decided about data. */
      readonly dataRules?: unknown
    }
  | { readonly ok: false; readonly problem: string }

/** Checks a roster document against the C2SP verifier key of the log that signed it. Untrusted. */
export function verifyRoster(note: string, keyText: string): RosterVerdict {
  const signed = readSignedStatement(note, { keyText, title: 'holdfast roster v1', what: 'it is not a signed roster' })
  if (!signed.ok) return signed
  const { origin, size, value } = signed
  const [mode, agents, tools] = ['mode', 'agents', 'tools'].map((name) => member(value, name))
  if (typeof mode !== 'string' || !Array.isArray(agents) || !Array.isArray(tools))
    return wrong('it is signed and holds no roster')
  const dataRules = member(value, 'dataRules')
  return { ok: true, origin, size, mode, agents, tools, ...(dataRules === undefined ? {} : { dataRules }) }
}

function wrong(problem: string): RosterVerdict {
  return { ok: false, problem }
}
