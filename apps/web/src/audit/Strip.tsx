import { LAYER_NAMES, type Row, STATE_BADGES, STATE_WORDS } from './words.ts'

/** The row at a glance: what set it off, the four layers and the rule, in causal order. Each leads to its part of the page. */
export function Strip({ row }: { readonly row: Row }) {
  const { trigger, layers, violations } = row
  const isSetOff = trigger !== undefined && trigger.item !== ''
  const steps = [
    {
      id: 'trigger',
      name: 'Trigger',
      badge: isSetOff ? 'badge-good' : 'badge-bad',
      says: isSetOff ? 'found' : 'not found',
      count: undefined,
    },
    ...layers.map(({ layer, state, items, isExpected }) => ({
      id: layer as string,
      name: LAYER_NAMES[layer],
      badge: isExpected ? STATE_BADGES[state] : '',
      says: isExpected ? STATE_WORDS[state] : 'nothing happened there',
      count: items.length,
    })),
    {
      id: 'rule',
      name: 'Rule',
      badge: violations.length > 0 ? 'badge-bad' : '',
      says: violations.length > 0 ? 'violated' : 'none violated',
      count: violations.length,
    },
  ]
  return (
    <ol aria-label="Layers in causal order" className="flex flex-wrap items-stretch gap-y-2">
      {steps.map(({ id, name, badge, says, count }, at) => (
        <li key={id} className="flex items-center">
          {at > 0 && (
            <span aria-hidden="true" className="px-1.5 text-faint">
              →
            </span>
          )}
          <a href={`#${id}`} className="panel flex flex-col gap-0.5 px-3 py-1.5 hover:border-line-strong">
            <span className="flex items-baseline gap-2 font-semibold">
              {name}
              {count !== undefined && count > 0 && <span className="tabular font-normal text-faint">{count}</span>}
            </span>
            <span className={`badge self-start ${badge}`}>{says}</span>
          </a>
        </li>
      ))}
    </ol>
  )
}
