import { lookOf } from './verdicts.ts'

/** A verdict as a word, with a sign beside its colour. */
export function Verdict({ verdict }: { readonly verdict: string }) {
  const { badge, sign, says } = lookOf(verdict)
  return (
    <span className={`badge ${badge}`} title={says}>
      <span aria-hidden="true">{sign}</span> {verdict}
    </span>
  )
}
