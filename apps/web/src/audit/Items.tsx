import { useState } from 'react'
import { KIND_WORDS } from '../conversation/node-words.ts'
import { EventLink } from '../incidents/EventLink.tsx'
import { Proof } from '../inventory/Proof.tsx'
import { Untrusted } from '../text/Untrusted.tsx'
import { TierBadge } from '../ui/Badges.tsx'
import { plural } from '../ui/format.ts'
import { ITEMS_AT_ONCE, ITEMS_OF_ONE } from '../limits.ts'
import type { Row, RowItem } from './words.ts'

/** Items of one layer in causal order, each with its texts, facts and entries. */
export function Items({ row, ids }: { readonly row: Row; readonly ids: readonly string[] }) {
  const [count, setCount] = useState(ITEMS_AT_ONCE)
  const byId = new Map(row.items.map((item) => [item.id, item]))
  const groups = [
    ...Map.groupBy(
      ids.flatMap((id) => byId.get(id) ?? []),
      ({ kind, label, tier }) => `${kind} ${label} ${tier}`,
    ).values(),
  ]
  const sorted = groups.toSorted((a, b) => rank(a) - rank(b))
  const conversation = row.conversations[0] ?? ''
  return (
    <>
      <ol className="flex flex-col divide-y divide-line">
        {sorted.slice(0, count).map((items) => (
          <li key={items[0]?.id}>
            {items.length <= ALIKE_APART ? (
              items.map((item) => <Item key={item.id} item={item} conversation={conversation} />)
            ) : (
              <Alike items={items} conversation={conversation} />
            )}
          </li>
        ))}
      </ol>
      {sorted.length > count && (
        <button type="button" className="button self-start" onClick={() => setCount(count + 50)}>
          {count} of {sorted.length} shown: show more
        </button>
      )}
    </>
  )
}

/** So many of the same label stand one by one; more are one line that opens. */
const ALIKE_APART = 3

/** What others than the agent saw comes first; the order of causes stays. */
function rank([item]: readonly RowItem[]): number {
  return item?.tier === 'kernel' || item?.tier === 'provider' ? 0 : 1
}

function Alike({ items, conversation }: { readonly items: readonly RowItem[]; readonly conversation: string }) {
  const [first] = items
  if (first === undefined) return null
  return (
    <details className="py-1">
      <summary className="flex cursor-pointer flex-wrap items-baseline gap-x-2">
        <span className="text-faint">{KIND_WORDS[first.kind as keyof typeof KIND_WORDS]}</span>
        <Untrusted text={first.label} className="font-medium" />
        <span className="tabular">× {items.length}</span>
        <TierBadge tier={first.tier} />
      </summary>
      <div className="flex flex-col pl-4">
        {items.slice(0, ITEMS_OF_ONE).map((item) => (
          <Item key={item.id} item={item} conversation={conversation} />
        ))}
        {items.length > ITEMS_OF_ONE && <span className="text-faint">and {items.length - ITEMS_OF_ONE} more</span>}
      </div>
    </details>
  )
}

const SHOWN_FACTS = [
  'remote',
  'bytesSent',
  'bytesReceived',
  'result',
  'path',
  'binary',
  'action',
  'resources',
  'destination',
  'name',
] as const

function Item({ item, conversation }: { readonly item: RowItem; readonly conversation: string }) {
  const { kind, label, tier, texts, facts, events, status } = item
  const shown = SHOWN_FACTS.flatMap((name) =>
    facts[name] === undefined || facts[name] === '' ? [] : [[name, facts[name]] as const],
  )
  return (
    <details className="py-1">
      <summary className="flex cursor-pointer flex-wrap items-baseline gap-x-2">
        <span className="text-faint">{KIND_WORDS[kind as keyof typeof KIND_WORDS]}</span>
        <Untrusted text={label} className="font-medium" />
        <TierBadge tier={tier} />
        {status === 'error' && <span className="badge badge-bad">error</span>}
        {shown.slice(0, 3).map(([name, value]) => (
          <span key={name} className="text-soft">
            {name} <Untrusted text={String(value)} className="mono" />
          </span>
        ))}
        {texts[0]?.text !== undefined && (
          <Untrusted text={texts[0].text.slice(0, 120)} className="min-w-0 flex-1 basis-60 truncate text-soft" />
        )}
      </summary>
      <div className="flex flex-col gap-2 py-2 pl-4">
        {texts.map((text) => (
          <div key={`${text.event} ${text.slot}`} className="flex flex-col gap-1">
            <span className="text-faint">
              {text.slot}: {text.state}
              {text.reason !== undefined && `, ${text.reason}`}
              {text.isCut === true && ', cut here; the pack has all of it'}
            </span>
            {text.text !== undefined && <Untrusted text={text.text} as="block" />}
          </div>
        ))}
        {Object.keys(facts).length > 0 && (
          <dl className="flex flex-wrap gap-x-4 gap-y-1">
            {Object.entries(facts).map(([name, value]) => (
              <div key={name} className="flex gap-1">
                <dt className="text-faint">{name}</dt>
                <dd>
                  <Untrusted text={String(value)} className="mono" />
                </dd>
              </div>
            ))}
          </dl>
        )}
        <span className="flex flex-wrap items-baseline gap-x-3">
          <EventLink event={events[0]?.id ?? ''} conversation={conversation} label={plural(events.length, 'event')} />
          <Proof entries={events.map(({ entry }) => entry)} />
        </span>
      </div>
    </details>
  )
}
