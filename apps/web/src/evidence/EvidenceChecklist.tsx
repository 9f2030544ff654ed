import type { EvidenceStatusWire } from '@holdfast/api'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { type Execution, queries } from '../data/queries.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { Time } from '../time/Time.tsx'
import { CopyButton } from '../ui/Copy.tsx'
import { formatBytes, formatCount, formatShare } from '../ui/format.ts'
import { ErrorState, NotReadAgain } from '../ui/States.tsx'
import { type Seal, sealedState } from './sealed.ts'

type Artifact = EvidenceStatusWire['artifacts'][number]

const STATES: Readonly<
  Record<Artifact['state'], { readonly badge: string; readonly sign: string; readonly text: string }>
> = {
  complete: { badge: 'badge-good', sign: '✓', text: 'complete' },
  partial: { badge: 'badge-warn', sign: '◐', text: 'partial' },
  missing: { badge: 'badge-bad', sign: '✕', text: 'missing' },
  'not-expected': { badge: '', sign: '–', text: 'not expected' },
}

type EvidenceChecklistProps = {
  readonly of: Execution
  /** The last seal of its case; undefined where nothing was sealed, or nothing is known of it. */
  readonly seal?: Seal | undefined
  /** What can be done about it, at the end of its head. */
  readonly act?: ReactNode
  readonly className?: string
}

/** The six forensic artifacts, one line each: what there is, what is not, why, and the setting that would capture it. */
export function EvidenceChecklist({ of, seal, act, className = '' }: EvidenceChecklistProps) {
  const { data, error, refetch } = useQuery(queries.evidence(of))
  const [open, setOpen] = useState<Artifact['id']>()
  const about = { what: 'the evidence', error, onRetry: () => void refetch() }
  if (data === undefined && error !== null) return <ErrorState {...about} />
  const shown = data?.artifacts.find(({ id }) => id === open)
  return (
    <section aria-label="Evidence" className={className}>
      <div className="mb-1 flex flex-wrap items-baseline gap-x-2">
        <span className="eyebrow">Evidence</span>
        <strong>{data === undefined ? '…' : formatShare(data.completeness)}</strong>
        <span className="text-faint">complete at least</span>
        {act}
      </div>
      <NotReadAgain {...about} />
      <div className="grid grid-cols-2 gap-2 sm:grid-cols-3 lg:grid-cols-6">
        {(data?.artifacts ?? []).map((artifact) => (
          <Tile
            key={artifact.id}
            artifact={artifact}
            seal={seal}
            isOpen={artifact.id === open}
            onToggle={() => setOpen(artifact.id === open ? undefined : artifact.id)}
          />
        ))}
        {data === undefined && <output className="self-center text-faint">Reading the evidence …</output>}
      </div>
      {shown !== undefined && <Detail artifact={shown} seal={seal} />}
    </section>
  )
}

type TileProps = {
  readonly artifact: Artifact
  readonly seal: Seal | undefined
  readonly isOpen: boolean
  readonly onToggle: () => void
}

function Tile({ artifact, seal, isOpen, onToggle }: TileProps) {
  const { id, name, state, count, expected, completeness } = artifact
  const { badge, sign, text } = STATES[state]
  const sealed = sealedState(artifact, seal)
  return (
    <button
      type="button"
      aria-expanded={isOpen}
      aria-controls="evidence-detail"
      onClick={onToggle}
      className={`flex min-w-0 flex-col items-start justify-between gap-0.5 rounded-md border px-2 py-1.5 text-left hover:border-accent ${
        isOpen ? 'border-accent bg-accent-ground' : 'border-line bg-raised'
      } ${state === 'missing' ? 'hatched' : ''}`}
    >
      <span className="flex w-full items-baseline gap-1.5">
        <span className="mono text-faint">{id}</span>
        <span className="leading-tight font-medium">{name}</span>
      </span>
      <span className="flex w-full flex-wrap items-center gap-x-1">
        <span className={`badge ${badge}`}>
          <span aria-hidden="true">{sign}</span> {text}
        </span>
        {sealed !== undefined && (
          <span className={`text-xs ${sealed === 'sealed' ? 'text-good' : 'text-warn'}`}>
            {sealed === 'sealed' ? 'sealed' : 'newer than the seal'}
          </span>
        )}
        <span className="tabular ml-auto text-xs text-soft">
          {state === 'not-expected'
            ? ''
            : `${formatCount(count)} of ${formatCount(expected)}${completeness === undefined ? '' : ` · ${formatShare(completeness)}`}`}
        </span>
      </span>
    </button>
  )
}

function Detail({ artifact, seal }: Pick<TileProps, 'artifact' | 'seal'>) {
  const { id, name, reason, bytes, first, last, missing, missingTotal } = artifact
  return (
    <div id="evidence-detail" className="mt-2 rounded-md border border-line bg-raised p-3">
      <p className="flex flex-wrap items-baseline gap-x-4 gap-y-1">
        <strong>
          {id} {name}
        </strong>
        <Untrusted text={reason} className="text-soft" />
        <span className="text-faint">{formatBytes(bytes)}</span>
        {first !== undefined && last !== undefined && (
          <span className="text-faint">
            <Time at={first} /> to <Time at={last} />
          </span>
        )}
      </p>
      <SealedBy artifact={artifact} seal={seal} />
      {missing.length > 0 && (
        <>
          <h3 className="eyebrow mt-3 mb-1">
            Missing: {formatCount(missing.length)} of {formatCount(missingTotal)}, one of each cause first
          </h3>
          <ul className="flex max-h-56 flex-col divide-y divide-line overflow-auto">
            {missing.map((item, index) => (
              <li key={index} className="grid items-start gap-x-4 py-1.5 md:grid-cols-[minmax(10rem,1fr)_1fr_2fr]">
                <span>
                  <span className="badge badge-warn">{item.state}</span> <Untrusted text={item.item} className="mono" />
                </span>
                <Untrusted text={item.reason} className="text-soft" />
                <span className="flex items-start gap-1">
                  <Untrusted text={item.remedy} className="min-w-0 flex-1" />
                  <CopyButton text={item.remedy} label="the remedy" />
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  )
}

/** Which signed root of the log fixes an artifact: its digest, for whoever checks a bundle. */
function SealedBy({ artifact, seal }: Pick<TileProps, 'artifact' | 'seal'>) {
  const state = sealedState(artifact, seal)
  if (state === undefined || seal === undefined) return null
  return (
    <p className="mt-1 flex flex-wrap items-baseline gap-x-2">
      {state === 'sealed' ? (
        <span className="text-good">sealed to entry {seal.size}</span>
      ) : (
        <span className="text-warn">
          its newest record, #{artifact.lastEntry}, is newer than the seal of entry {seal.size}: seal again (e)
        </span>
      )}
      <span className="text-faint">
        <Time at={seal.at} />, root <span className="mono break-all">{seal.rootHash}</span>
      </span>
      <CopyButton text={seal.rootHash} label="the root" />
    </p>
  )
}
