import type { RolloutWire } from '@holdfast/api'
import { Proof } from '../inventory/Proof.tsx'
import { personWords } from '../text/person.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { Time } from '../time/Time.tsx'
import { Table } from '../ui/Table.tsx'

/** Groups on their way into enforcement, with what was measured before each step. */
export function RolloutTable({ rollouts }: { readonly rollouts: readonly RolloutWire[] }) {
  return (
    <section className="flex flex-col gap-2" aria-label="Rollouts">
      <h2 className="text-lg font-semibold">Rollouts</h2>
      {rollouts.length === 0 ? (
        <p className="text-soft">
          None was started. A class is watched first, measured, and then enforced; the next class waits for its report.
        </p>
      ) : (
        <div className="overflow-x-auto">
          <Table
            className="panel min-w-[48rem]"
            label="Rollouts"
            columns={['Group', 'Watched', 'Measured', 'Enforced']}
          >
            {rollouts.map((rollout) => (
              <RolloutRow key={JSON.stringify(rollout.group)} rollout={rollout} />
            ))}
          </Table>
        </div>
      )}
    </section>
  )
}

function RolloutRow({ rollout: { group, monitored, report, enforced } }: { readonly rollout: RolloutWire }) {
  return (
    <tr>
      <td className="px-3 py-2 align-top">
        {group.kind === 'class' ? `class ${group.class}` : <Untrusted text={`pre-enforced ${group.agent}`} />}
      </td>
      <td className="px-3 py-2 align-top">
        {monitored.artifacts.length} policies since <Time at={monitored.at} /> <Proof entries={[monitored.entry]} />
      </td>
      <td className="px-3 py-2 align-top">
        {report === undefined ? (
          <span className="badge badge-warn">no report yet</span>
        ) : (
          <>
            <span className={`badge ${report.radius.denied === 0 ? 'badge-good' : 'badge-warn'}`}>
              {report.radius.denied} of {report.radius.judged} acts denied
            </span>{' '}
            in {report.radius.affectedAgents.length} of {report.radius.agents.length} agents,{' '}
            {report.radius.affectedConversations} of {report.radius.conversations} conversations,{' '}
            {report.radius.affectedToolCalls} of {report.radius.toolCalls} tool calls <Proof entries={[report.entry]} />
            <div className="text-soft">
              <Time at={report.radius.from} /> to <Time at={report.radius.to} />, by{' '}
              <Untrusted text={personWords(report.by)} />
            </div>
          </>
        )}
      </td>
      <td className="px-3 py-2 align-top">
        {enforced.length} of {monitored.artifacts.length}
      </td>
    </tr>
  )
}
