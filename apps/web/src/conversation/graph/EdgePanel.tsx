import type { DrawnGraph } from '@holdfast/api'
import { isProven } from '@holdfast/model'
import { Untrusted } from '../../text/Untrusted.tsx'
import { CopyButton } from '../../ui/Copy.tsx'
import { plural } from '../../ui/format.ts'
import { Icon } from '../../ui/Icon.tsx'
import { BASIS_WORDS, EDGE_WORDS } from '../node-words.ts'
import type { DrawnEdge } from './Canvas.tsx'

type EdgePanelProps = { readonly edge: DrawnEdge; readonly graph: DrawnGraph; readonly onClose: () => void }

/** One join in words: between what, how it is known, and by which values where it rests on content. */
export function EdgePanel({ edge, graph, onClose }: EdgePanelProps) {
  const labelOf = (id: string): string => graph.nodes.find((node) => node.id === id)?.label ?? id
  return (
    <section
      aria-label="Selected join"
      className="panel absolute right-3 bottom-3 flex max-w-sm flex-col gap-1.5 bg-raised p-3 shadow-lg"
    >
      <div className="flex items-start gap-2">
        <p className="min-w-0 flex-1">
          <Untrusted text={labelOf(edge.from)} className="font-medium" /> {EDGE_WORDS[edge.kind]}{' '}
          <Untrusted text={labelOf(edge.to)} className="font-medium" />
          {edge.count > 1 && ` (${plural(edge.count, 'edge')}, the strongest shown)`}
        </p>
        <button type="button" className="button button-quiet" aria-label="Close the join" onClick={onClose}>
          <Icon name="close" />
        </button>
      </div>
      <p className="flex items-center gap-2">
        <span className={`badge ${isProven(edge.basis) ? 'badge-good' : 'badge-warn'}`}>
          {isProven(edge.basis) ? 'proven' : 'inferred'}
        </span>
        <span>
          {edge.basis}: {BASIS_WORDS[edge.basis]}
        </span>
      </p>
      {edge.values !== undefined && edge.values.length > 0 && (
        <div>
          <h3 className="eyebrow">Fingerprints of the values that matched</h3>
          {edge.values.map((value) => (
            <CopyButton key={value} text={value} label="the fingerprint">
              <code className="break-all">{value}</code>
            </CopyButton>
          ))}
        </div>
      )}
    </section>
  )
}
