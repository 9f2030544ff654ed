import type { BomRowWire, BomWire } from '@holdfast/api'
import { Untrusted } from '../text/Untrusted.tsx'
import { Time } from '../time/Time.tsx'
import { TierBadge } from '../ui/Badges.tsx'
import { plural } from '../ui/format.ts'
import { Scrollable } from '../ui/Scrollable.tsx'
import { Table } from '../ui/Table.tsx'
import { Proof } from './Proof.tsx'

const CATEGORIES: Readonly<Record<string, string>> = {
  models: 'Models and prompts',
  'data-sources': 'Data sources',
  'tools-and-integrations': 'Tools and integrations',
  infrastructure: 'Infrastructure',
  identities: 'Identities',
}

const STANDINGS: Readonly<
  Record<BomRowWire['standing'], { readonly badge: string; readonly text: string; readonly says: string }>
> = {
  both: { badge: 'badge-good', text: 'declared and seen', says: 'a document declares it and it was seen' },
  observed: { badge: 'badge-info', text: 'seen only', says: 'it was seen, and no document declares it' },
  declared: { badge: 'badge-warn', text: 'declared only', says: 'a document declares it, and it was not seen' },
}

/** The five categories, each filled or with the reason why it is empty. */
export function BomTable({ bom }: { readonly bom: BomWire }) {
  return bom.categories.map(({ category, rows, reason }) => (
    <section key={category} className="flex flex-col gap-2">
      <h2 className="font-semibold">
        {CATEGORIES[category] ?? category} <span className="font-normal text-faint">{plural(rows.length, 'part')}</span>
      </h2>
      {rows.length === 0 ? (
        <p className="text-soft">Empty: {reason}.</p>
      ) : (
        <Scrollable label={CATEGORIES[category] ?? category}>
          <Table
            className="min-w-328 table-fixed"
            cell="py-1 pr-3"
            columns={[
              { name: 'Part', className: 'w-[18%]' },
              { name: 'Version', className: 'w-[10%]' },
              { name: 'Declared since', className: 'w-[16.5%]' },
              { name: 'Loaded first · last', className: 'w-[16.5%]' },
              { name: 'Called first · last', className: 'w-[16.5%]' },
              { name: 'Standing', className: 'w-[13%]' },
              'Proof',
            ]}
          >
            {rows.map((row) => (
              <Row key={row.id} row={row} />
            ))}
          </Table>
        </Scrollable>
      )}
    </section>
  ))
}

function Row({ row }: { readonly row: BomRowWire }) {
  const standing = STANDINGS[row.standing]
  const entries = [row.declared, row.loaded, row.called].flatMap((seen) => seen?.entries ?? [])
  return (
    <tr className="border-t border-line align-top">
      <td className="py-1.5 pr-3">
        <span className="flex flex-col leading-tight">
          <Untrusted text={row.name} className="font-semibold" />
          <span className="text-faint">
            {row.kind}
            {row.details['server'] !== undefined && (
              <>
                {' of '}
                <Untrusted text={row.details['server'].join(', ')} />
              </>
            )}
          </span>
        </span>
      </td>
      <td className="py-1.5 pr-3">
        {row.version !== undefined && <Untrusted text={row.version} className="mono" />}{' '}
        {row.digest !== undefined && (
          <span className="mono text-faint" title={row.digest}>
            {row.digest.slice(0, 12)}
          </span>
        )}
      </td>
      <td className="py-1.5 pr-3">{row.declared === undefined ? <Never /> : <Time at={row.declared.first} />}</td>
      <td className="py-1.5 pr-3">
        <Seen seen={row.loaded} />
      </td>
      <td className="py-1.5 pr-3">
        <Seen seen={row.called} />
      </td>
      <td className="py-1.5 pr-3">
        <span className={`badge ${standing.badge}`} title={standing.says}>
          {standing.text}
        </span>{' '}
        {row.tier !== undefined && <TierBadge tier={row.tier} />}
      </td>
      <td className="py-1.5">
        <Proof entries={entries} />
      </td>
    </tr>
  )
}

function Seen({ seen }: { readonly seen: BomRowWire['loaded'] }) {
  if (seen === undefined) return <Never />
  return (
    <span className="flex flex-col leading-tight">
      <Time at={seen.first} />
      {seen.last !== seen.first && <Time at={seen.last} />}
    </span>
  )
}

function Never() {
  return (
    <span className="text-faint" title="not until then">
      –
    </span>
  )
}
