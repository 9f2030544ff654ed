import { Link, useRouterState } from '@tanstack/react-router'
import { useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react'
import { Icon } from '../ui/Icon.tsx'
import { PAGES, type Page } from './pages.ts'
import { roomFor, type Room } from './room.ts'

/** Where one can go: as links as far as there is room, the rest behind one button that names the page one is on. */
export function WorkspaceNav() {
  const line = useRef<HTMLElement>(null)
  const ruler = useRef<HTMLDivElement>(null)
  const { pages: shown, hasIcons } = useRoom(line, ruler)
  const path = useRouterState({ select: ({ location: { pathname } }) => pathname })
  const rest = PAGES.slice(shown)
  return (
    <nav ref={line} aria-label="Workspace" className="relative flex min-w-28 flex-1 gap-1">
      {PAGES.slice(0, shown).map((page) => (
        <PageLink key={page.to} page={page} path={path} hasIcon={hasIcons} />
      ))}
      {rest.length > 0 && <MorePages pages={rest} path={path} title={shown === 0 ? 'Pages' : 'More pages'} />}
      <div className="pointer-events-none invisible absolute inset-0 overflow-hidden" aria-hidden="true">
        <div ref={ruler} className="flex w-max gap-1">
          {PAGES.map((page) => (
            <span key={page.to} className={entryClass(false)}>
              <Icon name={page.icon} />
              {page.label}
            </span>
          ))}
        </div>
      </div>
    </nav>
  )
}

/** What there is room for, measured with whatever font the reader has, and again whenever there is more or less of it. */
function useRoom(line: RefObject<HTMLElement | null>, ruler: RefObject<HTMLElement | null>): Room {
  const [room, setRoom] = useState<Room>({ pages: 0, hasIcons: false })
  useLayoutEffect(() => {
    const [whole, rule] = [line.current, ruler.current]
    if (whole === null || rule === null) return undefined
    const measure = (): void => {
      const entries = [...rule.children].map((entry) => entry.getBoundingClientRect().width)
      const icon = (rule.querySelector('svg')?.getBoundingClientRect().width ?? 0) + ICON_GAP
      const next = roomFor({ width: whole.clientWidth, entries, icon })
      setRoom((before) => (before.pages === next.pages && before.hasIcons === next.hasIcons ? before : next))
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(whole)
    observer.observe(rule)
    return () => observer.disconnect()
  }, [line, ruler])
  return room
}

/** Of `gap-1.5` between an icon and its name, in pixels of CSS. */
const ICON_GAP = 6

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

type PageLinkProps = {
  readonly page: Page
  readonly path: string
  readonly hasIcon?: boolean
  readonly onGo?: () => void
}

function PageLink({ page, path, hasIcon = true, onGo }: PageLinkProps) {
  const { to, icon, label } = page
  return (
    <Link
      to={to}
      aria-current={isHere(page, path) ? 'page' : undefined}
      className={entryClass(isHere(page, path))}
      {...(onGo === undefined ? {} : { onClick: onGo })}
    >
      {hasIcon && <Icon name={icon} />}
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
