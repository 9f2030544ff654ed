import { useEffect, useRef, useState } from 'react'
import { PLAY_BEAT_MS, PLAY_BEATS, PLAY_SLOW_BEAT_MS } from '../limits.ts'
import { strideOf } from './strip-scale.ts'

type PlaybackOptions = {
  /** How many steps there are. */
  readonly steps: number
  /** Index of the step that is shown. */
  readonly index: number
  /** What is shown is not there yet: the next step waits for it, so that nothing is skipped unseen. */
  readonly isBusy: boolean
  readonly onStep: (index: number) => void
}

/** Goes from step to step until the last. Whoever asked for less motion gets the same steps, slowly. */
export function usePlayback({ steps, index, isBusy, onStep }: PlaybackOptions): {
  readonly isPlaying: boolean
  readonly toggle: () => void
  readonly stop: () => void
} {
  const [isPlaying, setPlaying] = useState(false)
  const step = useRef(onStep)
  useEffect(() => {
    step.current = onStep
  })
  const isOver = index >= steps - 1
  useEffect(() => {
    if (!isPlaying || isBusy) return undefined
    const isSlow = matchMedia('(prefers-reduced-motion: reduce)').matches
    const timer = setTimeout(
      () => {
        const next = Math.min(steps - 1, index + strideOf(steps, PLAY_BEATS))
        step.current(next)
        if (next >= steps - 1) setPlaying(false)
      },
      isSlow ? PLAY_SLOW_BEAT_MS : PLAY_BEAT_MS,
    )
    return () => clearTimeout(timer)
  }, [isPlaying, isBusy, steps, index])
  return {
    isPlaying,
    toggle: () => {
      if (isPlaying) return setPlaying(false)
      // From the end it begins anew.
      if (isOver) step.current(0)
      setPlaying(true)
    },
    stop: () => setPlaying(false),
  }
}
