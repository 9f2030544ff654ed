import type { BomChangeWire } from '@holdfast/api'
import { Untrusted } from '../text/Untrusted.tsx'
import { Time } from '../time/Time.tsx'
import { plural } from '../ui/format.ts'
import { Scrollable } from '../ui/Scrollable.tsx'
import { Table } from '../ui/Table.tsx'
import { CsvLink } from './CsvLink.tsx'
import { changesCsv } from './inventory-csv.ts'
import { Proof } from './Proof.tsx'
import { Texts } from './Texts.tsx'

const CHANGES: Readonly<Record<BomChangeWire['change'], { readonly badge: string; readonly text: string }>> = {
  added: { badge: 'badge-info', text: 'added' },
  removed: { badge: 'badge-warn', text: 'removed' },
  changed: { badge: 'badge-info', text: 'changed' },
  'came-and-went': { badge: 'badge-warn', text: 'came and went' },
  declared: { badge: 'badge-good', text: 'now declared' },
  undeclared: { badge: 'badge-warn', text: 'no longer declared' },
}

/** What changed between the two instants, in the order in which it happened. */
export function ChangeTable({ changes }: { readonly changes: readonly BomChangeWire[] }) {
  return (
    <section className="flex flex-col gap-2">
      <h2 className="flex items-center gap-3 font-semibold">
        Changes <span className="font-normal text-faint">{plural(changes.length, 'change')}</span>
        {changes.length > 0 && <CsvLink name="changes" text={() => changesCsv(changes)} />}
      </h2>
      {changes.length === 0 ? (
        <p className="text-soft">Nothing changed between the two instants.</p>
      ) : (
        <Scrollable label="Changes">
          <Table className="min-w-200" cell="py-1 pr-3" columns={['When', 'What', 'Before', 'After', 'By', 'Proof']}>
            {changes.map((change) => (
              <ChangeRow key={`${change.change} ${change.kind} ${change.name} ${change.when ?? ''}`} change={change} />
            ))}
          </Table>
        </Scrollable>
      )}
    </section>
  )
}

function ChangeRow({ change }: { readonly change: BomChangeWire }) {
  const { badge, text } = CHANGES[change.change]
  return (
    <>
      <tr className="border-t border-line align-top">
        <td className="py-1.5 pr-3">
          {change.when === undefined ? <span className="text-faint">not seen when</span> : <Time at={change.when} />}
        </td>
        <td className="py-1.5 pr-3">
          <span className={`badge ${badge}`}>{text}</span> <span className="text-soft">{change.kind}</span>
        </td>
        <td className="py-1.5 pr-3">
          <Named component={change.before} />
        </td>
        <td className="py-1.5 pr-3">
          <Named component={change.after} />
          {change.tools.length > 0 && (
            <span className="text-soft">
              {' with '}
              <Untrusted text={change.tools.join(', ')} />
            </span>
          )}
        </td>
        <td className="py-1.5 pr-3">
          {change.by === undefined ? (
            <span className="text-faint">no recorded change</span>
          ) : (
            <Untrusted
              text={
                [change.by.changeId, change.by.author].filter((part) => part !== undefined).join(' · ') ||
                change.by.change
              }
            />
          )}
        </td>
        <td className="py-1.5">
          <Proof entries={change.proof} />
        </td>
      </tr>
      {change.textBefore !== undefined && change.textAfter !== undefined && (
        <tr>
          <td colSpan={6} className="pb-3">
            <Texts before={change.textBefore} after={change.textAfter} />
          </td>
        </tr>
      )}
    </>
  )
}

function Named({ component }: { readonly component: BomChangeWire['before'] }) {
  if (component === undefined) return <span className="text-faint">–</span>
  return (
    <span>
      <Untrusted text={component.name} />{' '}
      <span className="mono text-faint" title={component.digest}>
        {component.version === undefined ? component.digest?.slice(0, 12) : <Untrusted text={component.version} />}
      </span>
    </span>
  )
}
