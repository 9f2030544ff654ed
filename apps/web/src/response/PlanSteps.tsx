import { Proof } from '../inventory/Proof.tsx'
import { Untrusted } from '../text/Untrusted.tsx'
import { Scrollable } from '../ui/Scrollable.tsx'
import { Table } from '../ui/Table.tsx'
import type { PlanStep } from './plan.ts'

const STATES: Readonly<Record<PlanStep['state'], { readonly sign: string; readonly look: string }>> = {
  planned: { sign: '·', look: '' },
  requested: { sign: '◐', look: 'badge-warn' },
  applied: { sign: '◐', look: 'badge-warn' },
  confirmed: { sign: '✓', look: 'badge-good' },
  failed: { sign: '✗', look: 'badge-bad' },
  released: { sign: '–', look: '' },
}

/** The steps of a plan by the system that carries them out, and what was found of each. */
export function PlanSteps({ steps }: { readonly steps: readonly PlanStep[] }) {
  return (
    <Scrollable label="Steps of the plan">
      <Table className="min-w-160 align-top" cell="px-2 py-1" columns={['State', 'System', 'Deed', 'Target', 'Found']}>
        {steps.map((step) => (
          <tr key={step.id} className="border-t border-line align-top">
            <td className="px-2 py-1">
              <span className={`badge ${STATES[step.state].look}`}>
                <span aria-hidden="true">{STATES[step.state].sign}</span> {step.state}
              </span>
            </td>
            <td className="px-2 py-1">
              <Untrusted text={step.provider} />
            </td>
            <td className="px-2 py-1">
              {step.deed.kind === 'rung' ? step.deed.rung : step.deed.cut}
              <div className="text-faint">{step.isReversible ? 'can be undone' : 'cannot be undone'}</div>
            </td>
            <td className="px-2 py-1">
              <Untrusted text={step.target.name} />
              <div className="text-soft">
                <Untrusted text={step.preview} />
              </div>
            </td>
            <td className="px-2 py-1">
              <Untrusted text={step.detail} />
              <Probes probes={step.probes} />
              <Proof entries={step.entries.slice(-3)} />
            </td>
          </tr>
        ))}
      </Table>
    </Scrollable>
  )
}

/** The ways that got through: what held is in the words of the step. */
function Probes({ probes }: { readonly probes: PlanStep['probes'] }) {
  const through = probes.filter(({ held }) => !held)
  if (through.length === 0) return null
  return (
    <ul className="text-bad">
      {through.map(({ way, detail }) => (
        <li key={way}>
          got through: <Untrusted text={`${way}: ${detail}`} />
        </li>
      ))}
    </ul>
  )
}
