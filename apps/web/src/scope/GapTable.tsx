import type { ScopeWire } from '@holdfast/api'
import { Proof } from '../inventory/Proof.tsx'
import { Untrusted } from '../text/Untrusted.tsx'
import { Time } from '../time/Time.tsx'
import { Table } from '../ui/Table.tsx'

/** What was done without a grant that is known: the inventory lacks one, or a boundary was crossed. */
export function GapTable({ gaps }: { readonly gaps: ScopeWire['inventoryGaps'] }) {
  if (gaps.length === 0) return null
  return (
    <section aria-label="Done without a known grant" className="panel flex min-w-0 flex-col">
      <header className="border-b border-line p-3">
        <h2 className="font-semibold text-bad">
          Done without a known grant <span className="font-normal text-faint">{gaps.length}</span>
        </h2>
      </header>
      <div className="overflow-x-auto">
        <Table
          className="min-w-[44rem]"
          label="Done without a known grant"
          columns={['Action', 'By', 'Last use', 'Remedy']}
        >
          {gaps.map((gap) => (
            <tr key={gap.id}>
              <td className="max-w-80 px-3 py-2 align-top">
                <Untrusted text={gap.action} className="mono font-semibold" />
                {gap.resource !== '' && (
                  <div className="text-soft">
                    on <Untrusted text={gap.resource} className="mono break-all" />
                  </div>
                )}
              </td>
              <td className="max-w-72 px-3 py-2 align-top">
                <Untrusted text={gap.principal} className="break-all" />
              </td>
              <td className="px-3 py-2 align-top whitespace-nowrap">
                <Time at={gap.lastUse} />
                <div className="text-soft">
                  {gap.uses} {gap.uses === 1 ? 'use' : 'uses'}
                </div>
                <Proof entries={gap.positions.slice(0, 3)} />
              </td>
              <td className="px-3 py-2 align-top">
                {gap.isType2Candidate && <span className="badge badge-bad">Type 2 candidate</span>}{' '}
                <Untrusted text={gap.remedy} />
              </td>
            </tr>
          ))}
        </Table>
      </div>
    </section>
  )
}
