import type { StripWire } from '@holdfast/api'
import { useState, type KeyboardEvent } from 'react'
import { StripMarks } from './StripMarks.tsx'
import { placeOf } from './strip-scale.ts'

type StripTrackProps = {
  readonly strip: StripWire
  /** Where the instant stands, from 0 to 1. */
  readonly place: number
  /** The instant in words, for those who do not see the place. */
  readonly words: string
  readonly onSeek: (place: number) => void
  readonly onStep: (way: 1 | -1) => void
  readonly onEnd: (end: 'first' | 'last') => void
}

/** Parts of the slider: finer than a pixel. */
const PARTS = 10_000

/** When how much was recorded, as bars; gaps hatched; a slider over it that stands on what began, never between. */
export function StripTrack({ strip, place, words, onSeek, onStep, onEnd }: StripTrackProps) {
  const [held, setHeld] = useState<number>()
  const most = Math.max(1, ...strip.counts)
  const shown = held ?? place
  const release = (): void => {
    if (held === undefined) return
    setHeld(undefined)
    onSeek(held)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const act = KEY_ACTS.get(event.key)
    if (act === undefined) return
    event.preventDefault()
    if (act.kind === 'step') onStep(act.way)
    else onEnd(act.end)
  }
  return (
    <div className="strip-track">
      <svg
        viewBox={`0 0 ${strip.counts.length} 10`}
        preserveAspectRatio="none"
        className="strip-bars"
        aria-hidden="true"
      >
        {strip.counts.map((count, index) => {
          const height = count === 0 ? 0 : 1 + (Math.log(count + 1) / Math.log(most + 1)) * 9
          // Places of equal parts never change their order.
          return <rect key={index} x={index + 0.1} y={10 - height} width="0.8" height={height} />
        })}
      </svg>
      <Hatched strip={strip} />
      <div className="strip-later" style={{ left: `${shown * 100}%` }} />
      <input
        type="range"
        min={0}
        max={PARTS}
        value={Math.round(shown * PARTS)}
        aria-label="Instant that is shown"
        aria-valuetext={words}
        className="strip-slider"
        onChange={({ target }) => setHeld(Number(target.value) / PARTS)}
        onPointerUp={release}
        onBlur={release}
        onKeyDown={onKeyDown}
      />
      <StripMarks strip={strip} />
    </div>
  )
}

type KeyAct = { readonly kind: 'step'; readonly way: 1 | -1 } | { readonly kind: 'end'; readonly end: 'first' | 'last' }

const KEY_ACTS: ReadonlyMap<string, KeyAct> = new Map([
  ['ArrowLeft', { kind: 'step', way: -1 }],
  ['ArrowDown', { kind: 'step', way: -1 }],
  ['ArrowRight', { kind: 'step', way: 1 }],
  ['ArrowUp', { kind: 'step', way: 1 }],
  ['Home', { kind: 'end', end: 'first' }],
  ['End', { kind: 'end', end: 'last' }],
])

/** Where something is missing: hatched and named, never blank. */
function Hatched({ strip }: { readonly strip: StripWire }) {
  const bands = strip.marks.flatMap((mark, index) => {
    if (mark.kind !== 'gap') return []
    const [left, right] = [placeOf(BigInt(mark.at), strip), placeOf(BigInt(mark.until ?? mark.at), strip)]
    return [{ key: `${mark.at} ${index}`, left, width: right - left, label: mark.label }]
  })
  const since = strip.recordedSince === undefined ? 0 : placeOf(BigInt(strip.recordedSince), strip)
  return (
    <>
      {since > 0 && strip.by === 'happened' && (
        <div
          className="strip-band strip-before"
          style={{ left: 0, width: `${since * 100}%` }}
          title="claimed to have been before this log began: imported or late, and nothing else of that time is known here"
        />
      )}
      {bands.map(({ key, left, width, label }) => (
        <div
          key={key}
          className="strip-band hatched"
          style={{ left: `${left * 100}%`, width: `max(3px, ${width * 100}%)` }}
          title={label}
        />
      ))}
    </>
  )
}
