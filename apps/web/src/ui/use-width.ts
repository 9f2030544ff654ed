import { type RefObject, useLayoutEffect, useRef, useState } from 'react'

/** Narrower than this nothing is told apart any more: what is drawn is scrolled to instead. */
const LEAST = 280

/**
 * The width of an element in pixels of CSS, measured before it is painted and whenever it changes, so that a picture is
 * drawn in it at full size: one that is shrunk to a phone has letters that nobody reads. `fallback`: until it is there.
 */
export function useWidth<E extends Element>(fallback: number): readonly [RefObject<E | null>, number] {
  const ref = useRef<E>(null)
  const [width, setWidth] = useState(fallback)
  useLayoutEffect(() => {
    const element = ref.current
    if (element === null) return undefined
    const measure = (): void => setWidth(Math.max(LEAST, Math.floor(element.getBoundingClientRect().width)))
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  return [ref, width]
}
