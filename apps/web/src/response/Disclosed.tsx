import { useRouterState } from '@tanstack/react-router'
import { useId, useState, type ReactNode } from 'react'

type DisclosedProps = {
  readonly title: string
  /** Where links of the page lead to it: whoever comes by one finds it open. */
  readonly anchor?: string
  readonly children: () => ReactNode
}

/** A part of the page that is read from the server once somebody opens it. */
export function Disclosed({ title, anchor, children }: DisclosedProps) {
  const isNamed = useRouterState({ select: ({ location: { hash } }) => anchor !== undefined && hash === anchor })
  const [wasNamed, setWasNamed] = useState(isNamed)
  const [isOpen, setOpen] = useState(isNamed)
  if (isNamed !== wasNamed) {
    setWasNamed(isNamed)
    if (isNamed) setOpen(true)
  }
  const id = useId()
  return (
    <section id={anchor} aria-label={title} className="panel scroll-mt-2 p-3">
      <h2 className="font-semibold">
        <button
          type="button"
          className="w-full text-left"
          aria-expanded={isOpen}
          aria-controls={id}
          onClick={() => setOpen(!isOpen)}
        >
          <span aria-hidden="true">{isOpen ? '▾' : '▸'}</span> {title}
        </button>
      </h2>
      <div id={id} hidden={!isOpen} className="mt-2 flex flex-col gap-3">
        {isOpen && children()}
      </div>
    </section>
  )
}
