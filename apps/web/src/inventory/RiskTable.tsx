import type { RiskRowWire } from '@holdfast/api'
import { useQuery } from '@tanstack/react-query'
import { queries } from '../data/queries.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { Time } from '../time/Time.tsx'
import { plural } from '../ui/format.ts'
import { Scrollable } from '../ui/Scrollable.tsx'
import { Loading } from '../ui/States.tsx'
import { Table } from '../ui/Table.tsx'
import { CsvLink } from './CsvLink.tsx'
import { risksCsv } from './inventory-csv.ts'
import { Proof } from './Proof.tsx'

/** Risk register of an agent: what it can act with, also what it no longer has, and the controls on record. */
export function RiskTable({ agent }: { readonly agent: string }) {
  const { data, error } = useQuery(queries.risks(agent))
  if (error !== null) return <p className="text-soft">The risk register cannot be shown: {error.message}</p>
  if (data === undefined) return <Loading what="the risk register" />
  const { items } = data
  const open = items.filter(({ controls }) => controls.length === 0).length
  return (
    <section className="flex flex-col gap-2">
      <h2 className="flex items-center gap-3 font-semibold">
        Risk register
        <span className="font-normal text-faint">
          {plural(items.length, 'row')}, {open} without a control
        </span>
        {items.length > 0 && <CsvLink name={`risks-${agent}`} text={() => risksCsv(items)} />}
      </h2>
      {items.length === 0 ? (
        <p className="text-soft">No identity, data source, tool or model of this agent was seen.</p>
      ) : (
        <Scrollable label="Risk register">
          <Table className="min-w-200" cell="py-1 pr-3" columns={['Risk', 'Name', 'Last seen', 'Controls', 'Proof']}>
            {items.map((row) => (
              <RiskRow key={`${row.risk} ${row.kind} ${row.name} ${row.first} ${row.proof.join(' ')}`} row={row} />
            ))}
          </Table>
        </Scrollable>
      )}
    </section>
  )
}

function RiskRow({ row }: { readonly row: RiskRowWire }) {
  return (
    <tr className="border-t border-line align-top">
      <td className="py-1.5 pr-3">
        {row.risk} {row.kind !== row.risk && <span className="text-soft">{row.kind}</span>}
      </td>
      <td className="py-1.5 pr-3">
        <Untrusted text={row.name} /> {!row.current && <span className="badge badge-info">no longer</span>}
      </td>
      <td className="py-1.5 pr-3">
        <Time at={row.last} />
      </td>
      <td className="py-1.5 pr-3">
        {row.controls.length === 0 ? (
          <span className="badge badge-warn">none</span>
        ) : (
          row.controls.map(({ control, detail, entries }) => (
            <span key={`${control} ${detail}`} className="flex flex-wrap gap-x-2">
              <Untrusted text={detail} />
              <Proof entries={entries} />
            </span>
          ))
        )}
      </td>
      <td className="py-1.5">
        <Proof entries={row.proof} />
      </td>
    </tr>
  )
}
