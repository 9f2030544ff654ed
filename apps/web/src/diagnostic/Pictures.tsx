import type { DiagnosticPictureWire } from '@holdfast/api'
import { Untrusted } from '../text/Untrusted.tsx'
import { plural } from '../ui/format.ts'
import { DriftPicture } from './DriftPicture.tsx'
import { Sparkline } from './Sparkline.tsx'

type Of<K extends DiagnosticPictureWire['kind']> = Extract<DiagnosticPictureWire, { readonly kind: K }>

/** What a tile draws: the answer as a picture, with its words for whoever does not see it. */
export function Picture({ picture }: { readonly picture: DiagnosticPictureWire }) {
  switch (picture.kind) {
    case 'inventory':
      return <Inventory picture={picture} />
    case 'convergence':
      return <Sparkline picture={picture} />
    case 'envelopes':
      return <Envelopes picture={picture} />
    case 'drift':
      return <DriftPicture picture={picture} />
    case 'audit-row':
      return <Row picture={picture} />
  }
}

/** A bar for each category: what ran is filled, what documents alone state is an outline. */
function Inventory({ picture: { categories, changes } }: { readonly picture: Of<'inventory'> }) {
  const most = Math.max(1, ...categories.map(({ observed, declared }) => observed + declared))
  return (
    <div className="flex flex-col gap-1">
      {categories.map(({ category, observed, declared }) => (
        <div key={category} className="grid grid-cols-[7rem_1fr_2rem] items-center gap-2">
          <span className="leading-tight text-faint">{category.replaceAll('-', ' ')}</span>
          <span className="flex h-2.5" aria-hidden="true">
            <span className="rounded-l-sm bg-accent" style={{ width: `${(100 * observed) / most}%` }} />
            <span className="border border-dashed border-strong" style={{ width: `${(100 * declared) / most}%` }} />
          </span>
          <span className="tabular text-right">
            {observed}
            {declared > 0 && <span className="text-faint">+{declared}</span>}
          </span>
        </div>
      ))}
      <p className="text-faint">{changes === 0 ? 'nothing changed since' : `${plural(changes, 'change')} since`}</p>
    </div>
  )
}

/** A lane for each agent, a block for each of its envelopes. */
function Envelopes({ picture: { lanes } }: { readonly picture: Of<'envelopes'> }) {
  return (
    <div className="flex flex-col gap-2">
      {lanes.map(({ agent, artifacts }) => (
        <div key={agent} className="flex flex-col gap-1">
          <Untrusted text={agent.slice(agent.lastIndexOf('/') + 1)} className="truncate text-faint" />
          <span className="flex flex-wrap gap-1">
            {artifacts.map(({ kind, stage, lines }) => (
              <span
                key={`${kind} ${stage}`}
                className={`badge ${stage === 'enforce' ? 'badge-good' : stage === 'monitor' ? 'badge-info' : ''}`}
                title={`${kind}: ${plural(lines, 'line')}, ${stage}`}
              >
                {kind} · {lines} · {stage}
              </span>
            ))}
          </span>
        </div>
      ))}
    </div>
  )
}

/** The four layers from the input down to the kernel. */
function Row({ picture: { layers, coverage } }: { readonly picture: Of<'audit-row'> }) {
  return (
    <div className="flex flex-col gap-1">
      {layers.map(({ layer, state }) => (
        <span key={layer} className={`flex items-center justify-between rounded px-2 py-0.5 ${GROUNDS[state]}`}>
          <span>{layer}</span>
          <span>{state}</span>
        </span>
      ))}
      {coverage !== undefined && <p className="text-faint">{Math.round(coverage * 100)} % of what is expected</p>}
    </div>
  )
}

const GROUNDS = {
  complete: 'bg-good-ground text-good',
  partial: 'bg-warn-ground text-warn',
  absent: 'bg-bad-ground text-bad',
  constrained: 'bg-info-ground text-info',
} as const
