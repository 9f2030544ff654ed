import { Link, useRouterState } from '@tanstack/react-router'
import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { Icon } from '../ui/Icon.tsx'
import { PAGES, type Page } from './pages.ts'

/** How many pages stand beside the search at a width, the widest first; measured with the font that the workspace ships. */
const SHOWN: readonly (readonly [query: string, pages: number])[] = [
  ['(min-width: 100rem)', PAGES.length],
  ['(min-width: 90rem)', 7],
  ['(min-width: 80rem)', 5],
  ['(min-width: 64rem)', 4],
  ['(min-width: 48rem)', 3],
]

/** Where one can go: as links where there is room, the rest behind one button that names the page one is on. */
export function WorkspaceNav() {
  const shown = useSyncExternalStore(followWidth, pagesShown)
  const path = useRouterState({ select: ({ location: { pathname } }) => pathname })
  const rest = PAGES.slice(shown)
  return (
    <nav aria-label="Workspace" className="flex gap-1">
      {PAGES.slice(0, shown).map((page) => (
        <PageLink key={page.to} page={page} path={path} />
      ))}
      {rest.length > 0 && <MorePages pages={rest} path={path} title={shown === 0 ? 'Pages' : 'More pages'} />}
    </nav>
  )
}

type MorePagesProps = { readonly pages: readonly Page[]; readonly path: string; readonly title: string }

/** A button with links behind it. They stand in the navigation itself, so that they are part of that landmark. */
function MorePages({ pages, path, title }: MorePagesProps) {
  const [isOpen, setOpen] = useState(false)
  const place = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (!isOpen) return undefined
    const closeOutside = ({ target }: Event): void => {
      if (target instanceof Node && place.current?.contains(target) !== true) setOpen(false)
    }
    const closeByKey = ({ key }: KeyboardEvent): void => {
      if (key !== 'Escape') return
      setOpen(false)
      button.current?.focus()
    }
    document.addEventListener('pointerdown', closeOutside)
    document.addEventListener('focusin', closeOutside)
    document.addEventListener('keydown', closeByKey)
    return () => {
      document.removeEventListener('pointerdown', closeOutside)
      document.removeEventListener('focusin', closeOutside)
      document.removeEventListener('keydown', closeByKey)
    }
  }, [isOpen])
  const here = pages.find((page) => isHere(page, path))
  return (
    <div ref={place} className="relative">
      <button
        ref={button}
        type="button"
        aria-expanded={isOpen}
        aria-label={here === undefined ? title : `${title}, now ${here.label}`}
        className={`${entryClass(here !== undefined)} cursor-pointer`}
        onClick={() => setOpen(!isOpen)}
      >
        {here !== undefined && <Icon name={here.icon} />}
        {here?.label ?? title}
        <Icon name="chevron" className="rotate-90" />
      </button>
      {isOpen && (
        <div className="menu absolute top-full left-0 z-40 mt-1">
          {pages.map((page) => (
            <PageLink key={page.to} page={page} path={path} onGo={() => setOpen(false)} />
          ))}
        </div>
      )}
    </div>
  )
}

type PageLinkProps = { readonly page: Page; readonly path: string; readonly onGo?: () => void }

function PageLink({ page, path, onGo }: PageLinkProps) {
  const { to, icon, label } = page
  return (
    <Link
      to={to}
      aria-current={isHere(page, path) ? 'page' : undefined}
      className={entryClass(isHere(page, path))}
      {...(onGo === undefined ? {} : { onClick: onGo })}
    >
      <Icon name={icon} />
      {label}
    </Link>
  )
}

function entryClass(isCurrent: boolean): string {
  return `flex items-center gap-1.5 whitespace-nowrap rounded-md px-2 py-1 font-medium ${isCurrent ? 'bg-accent-ground text-accent' : 'text-soft hover:text-ink'}`
}

function isHere({ to, also = [] }: Page, path: string): boolean {
  return [to, ...also].some((start) => path === start || (start !== '/' && path.startsWith(`${start}/`)))
}

function pagesShown(): number {
  return SHOWN.find(([query]) => matchMedia(query).matches)?.[1] ?? 0
}

function followWidth(onChange: () => void): () => void {
  const lists = SHOWN.map(([query]) => matchMedia(query))
  for (const list of lists) list.addEventListener('change', onChange)
  return () => {
    for (const list of lists) list.removeEventListener('change', onChange)
  }
}
