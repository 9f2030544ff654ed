import type { InventoryFindingWire } from '@holdfast/api'
import { Untrusted } from '../text/Untrusted.tsx'
import { Time } from '../time/Time.tsx'
import { plural } from '../ui/format.ts'
import { Proof } from './Proof.tsx'
import { Texts } from './Texts.tsx'

/** Where what is declared and what runs differ, with proof. */
export function Findings({ findings }: { readonly findings: readonly InventoryFindingWire[] }) {
  if (findings.length === 0) return null
  return (
    <section className="flex max-w-5xl flex-col gap-2">
      <h2 className="font-semibold">
        To look at <span className="font-normal text-faint">{plural(findings.length, 'finding')}</span>
      </h2>
      {findings.map((finding) => (
        <article key={finding.id} className="flex flex-col gap-2 rounded border border-line p-3">
          <h3 className="flex flex-wrap items-center gap-2">
            <span className="badge badge-warn">{finding.kind}</span>
            <Untrusted text={finding.title} className="font-semibold" />
            {finding.announced === 'unannounced' && <span className="badge badge-bad">unannounced</span>}
          </h3>
          <p className="flex flex-wrap gap-x-4 text-soft">
            <Untrusted text={finding.detail} />
            <span>
              since <Time at={finding.since} />
            </span>
            <Proof entries={finding.proof} />
          </p>
          {finding.before !== undefined && finding.after !== undefined && (
            <Texts before={finding.before} after={finding.after} />
          )}
          {finding.agents?.map((one) => (
            <p key={one.agent} className="text-soft">
              <Untrusted text={one.agent} className="mono" /> uses {one.uses.length} and would lose {one.loses.length}:{' '}
              <Untrusted text={one.loses.slice(0, 20).join(', ')} />
            </p>
          ))}
        </article>
      ))}
    </section>
  )
}
