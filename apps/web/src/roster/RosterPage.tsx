import type { InventoryFindingWire, RosterWire } from '@holdfast/api'
import { useSuspenseQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { queries } from '../data/queries.ts'
import { Findings } from '../inventory/Findings.tsx'
import { Proof } from '../inventory/Proof.tsx'
import { paths } from '../paths.ts'
import { personWords } from '../text/person.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { Time } from '../time/Time.tsx'
import { plural } from '../ui/format.ts'
import { PageHead } from '../ui/Page.tsx'
import { Scrollable } from '../ui/Scrollable.tsx'
import { EmptyState } from '../ui/States.tsx'
import { Table } from '../ui/Table.tsx'

/** What the roster decides: who may run, who may hand work to whom. */
const OWN: ReadonlySet<InventoryFindingWire['kind']> = new Set([
  'impersonation',
  'outside-peers',
  'hand-over-unproven',
  'not-admitted',
  'outside-roster',
  'residency',
  'memory-retention',
])

const COLUMNS = ['Agent', 'State', 'Version', 'Owner', 'Peers', 'Data', 'Decided']

/** Which agents may run, with whom they may share work, and what was held against that. */
export function RosterPage() {
  const { data: roster } = useSuspenseQuery(queries.roster())
  const { data: findings } = useSuspenseQuery(queries.inventoryFindings())
  const { mode, kept, agents } = roster
  return (
    <div data-scrolls="page" className="min-h-0 flex-1 overflow-auto">
      <PageHead
        tab="Roster"
        title={
          !kept
            ? 'No roster is kept: no agent is held against one'
            : mode === 'closed'
              ? 'The roster is closed: what it does not allow is refused'
              : 'The roster is open: what it does not allow passes and is told'
        }
        copy={{ command: 'npm run -s holdfast -- roster show', value: roster, api: '/api/v1/roster' }}
      >
        {kept && (
          <span className="flex flex-wrap items-center gap-2">
            <span className={`badge ${mode === 'closed' ? 'badge-good' : 'badge-warn'}`}>{mode}</span>
            {plural(agents.length, 'agent')}. A retired agent, and who bears a name without its key, is refused in
            either.
          </span>
        )}
      </PageHead>
      <div className="flex flex-col gap-6 p-4">
        {!kept && (
          <EmptyState
            title="Which agents may run, and who may hand work to whom"
            why="Nobody has put an agent on the roster, so whoever sends telemetry is recorded and nobody is refused. It begins with the first agent that is put on it; what is not on it still passes, and is told, until the roster is closed."
            command="npm run -s holdfast -- roster add NAME --owner TEAM --version V --class CLASS --new-key FILE --reason TEXT"
          >
            <Link to={paths.agents} className="button self-start">
              Agents that are heard
            </Link>
          </EmptyState>
        )}
        {agents.length > 0 && (
          <Scrollable label="Agents of the roster">
            <Table className="min-w-200" cell="py-1 pr-3" columns={COLUMNS}>
              {agents.map((row) => (
                <AgentRow key={row.agent} row={row} />
              ))}
            </Table>
          </Scrollable>
        )}
        {roster.dataRules !== undefined && <DataRules {...roster.dataRules} />}
        <Findings findings={findings.items.filter(({ kind }) => OWN.has(kind))} />
      </div>
    </div>
  )
}

function DataRules({ rules, decided }: NonNullable<RosterWire['dataRules']>) {
  return (
    <section className="flex flex-col gap-2">
      <h2 className="flex flex-wrap items-center gap-3 font-semibold">
        Rules about data
        <span className="font-normal text-faint">
          since <Time at={decided.at} /> by <Untrusted text={personWords(decided.by)} />
        </span>
        <Proof entries={[decided.entry]} />
      </h2>
      <ul className="flex flex-col gap-1">
        {rules.classes.map(({ name, regions, found, regulated, keepDays }) => (
          <li key={name} className="flex flex-wrap gap-x-2">
            <Untrusted text={name} className="font-semibold" />
            {regions === undefined ? 'models anywhere' : `models in ${regions.join(', ')} alone`},{' '}
            {keepDays !== undefined
              ? `remembered for ${plural(keepDays, 'day')}`
              : regulated === true
                ? 'not remembered'
                : 'remembered without an end'}
            {found !== undefined && <span className="text-faint">found by {plural(found.length, 'pattern')}</span>}
          </li>
        ))}
      </ul>
      <p className="text-soft">
        {rules.endpoints.length === 0
          ? 'No host of a model is in a region.'
          : rules.endpoints.map(({ host, region }) => `${host} is in ${region}`).join('; ')}
      </p>
    </section>
  )
}

function AgentRow({ row }: { readonly row: RosterWire['agents'][number] }) {
  const { agent, state, version, owner, peers, dataClasses, decided } = row
  return (
    <tr className="border-t border-line align-top">
      <td className="py-1.5 pr-3 font-semibold">
        <Untrusted text={agent} />
      </td>
      <td className="py-1.5 pr-3">
        <span className={`badge ${state === 'active' ? '' : 'badge-warn'}`}>{state}</span>
      </td>
      <td className="py-1.5 pr-3">
        <Untrusted text={version} />
      </td>
      <td className="py-1.5 pr-3">
        <Untrusted text={owner} />
      </td>
      <td className="py-1.5 pr-3">{peers.length === 0 ? 'none' : <Untrusted text={peers.join(', ')} />}</td>
      <td className="py-1.5 pr-3">{dataClasses.length === 0 ? 'none' : <Untrusted text={dataClasses.join(', ')} />}</td>
      <td className="py-1.5">
        <Time at={decided.at} /> by <Untrusted text={personWords(decided.by)} /> <Proof entries={[decided.entry]} />
      </td>
    </tr>
  )
}
