import type { FleetRow, FleetWire } from '@holdfast/api'
import { Link } from '@tanstack/react-router'
import { paths } from '../paths.ts'
import { inertLine } from '../text/inert.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { formatCount, plural } from '../ui/format.ts'
import { observedDaysInShort } from './observed-days.ts'
import { MARKS } from './marks.ts'

/** Above so many agents a tile is a sign without a name: the shape of the fleet is what is looked at then. */
const NAMED_AT_MOST = 60

/** A tile for each agent, by class, the worst first; the table twin holds the same rows. */
export function FleetTiles({ fleet: { classes, tiles, agents } }: { readonly fleet: FleetWire }) {
  const byClass = Map.groupBy(tiles, (row) => row.class)
  const isNamed = tiles.length <= NAMED_AT_MOST
  return (
    <section aria-label="Agents by class and state" className="flex flex-col gap-3">
      {classes.map(({ class: name, agents: count }) => {
        const own = byClass.get(name) ?? []
        return (
          <div key={name} className="grid gap-x-4 gap-y-1 sm:grid-cols-[9rem_1fr]">
            <h2 className="pt-1">
              <Link to={paths.fleet} search={{ class: name }} className="link font-medium">
                {name}
              </Link>
              <span className="block text-faint">{plural(count, 'agent')}</span>
            </h2>
            <ul className={`flex flex-wrap ${isNamed ? 'gap-2' : 'gap-1'}`} aria-label={`Agents of class ${name}`}>
              {own.map((row) => (
                <li key={row.agent}>{isNamed ? <NamedTile row={row} /> : <SignTile row={row} />}</li>
              ))}
              {own.length < count && (
                <li className="self-center text-faint">and {formatCount(count - own.length)} more in the list</li>
              )}
            </ul>
          </div>
        )
      })}
      {agents.read < agents.total && (
        <p className="note">
          {formatCount(agents.total - agents.read)} of {plural(agents.total, 'agent')} are in no count here: the longest
          silent are not looked at.
        </p>
      )}
    </section>
  )
}

function NamedTile({ row }: { readonly row: FleetRow }) {
  const [worst = 'unread'] = row.marks
  const { text, sign, badge } = MARKS[worst]
  return (
    <Link
      to={paths.agentOverview}
      params={{ agent: row.agent }}
      title={titleOf(row)}
      className={`fleet-tile ${badge} flex w-42 flex-col gap-0.5 px-2 py-1.5`}
    >
      <span className="flex items-center gap-1.5">
        <span aria-hidden="true" className="w-3 text-center font-semibold">
          {sign}
        </span>
        <Untrusted text={row.name} className="min-w-0 flex-1 truncate font-medium" />
      </span>
      <span className="truncate text-sm">
        {row.rung === undefined
          ? text
          : worst === 'contained'
            ? `${text}: ${row.rung}`
            : `${text}, ${MARKS.contained.text}: ${row.rung}`}
        {row.observed !== undefined &&
          worst === 'observing' &&
          `, ${observedDaysInShort(row.observed.days, row.observed.ofDays)}`}
      </span>
    </Link>
  )
}

function SignTile({ row }: { readonly row: FleetRow }) {
  const [worst = 'unread'] = row.marks
  const { text, sign, badge } = MARKS[worst]
  return (
    <Link
      to={paths.agentOverview}
      params={{ agent: row.agent }}
      title={titleOf(row)}
      aria-label={`${inertLine(row.name, 80)}: ${text}`}
      className={`fleet-tile ${badge} flex size-6 items-center justify-center text-sm font-semibold`}
    >
      <span aria-hidden="true">{sign}</span>
    </Link>
  )
}

function titleOf({ name, marks, verdict }: FleetRow): string {
  const words = marks.map((mark) => MARKS[mark].says).join('; ')
  return inertLine(`${name}: ${words}${verdict === undefined ? '' : `. ${verdict}`}`, 400)
}
