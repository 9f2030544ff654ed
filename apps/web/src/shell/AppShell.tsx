import { useQueryClient } from '@tanstack/react-query'
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useState } from 'react'
import { followChanges, type LiveState } from '../data/changes.ts'
import { paths } from '../paths.ts'
import { Icon, Mark, type IconName } from '../ui/Icon.tsx'
import { Clock } from './Clock.tsx'
import { usePreference } from './preferences.ts'
import { useKey } from './use-key.ts'

const Palette = lazy(() => import('./Palette.tsx').then(({ Palette: component }) => ({ default: component })))
const KeysDialog = lazy(() => import('./KeysDialog.tsx').then(({ KeysDialog: component }) => ({ default: component })))

/** What stands around every page: where one can go, and whether the server is heard. */
export function AppShell() {
  const [overlay, setOverlay] = useState<'none' | 'palette' | 'keys'>('none')
  const navigate = useNavigate()
  const live = useLive()
  useKey('palette', () => setOverlay('palette'))
  useKey('search', () => setOverlay('palette'))
  useKey('help', () => setOverlay('keys'))
  useKey('agents', () => void navigate({ to: paths.agents }))
  useKey('incidents', () => void navigate({ to: paths.incidents }))
  useKey('drift', () => void navigate({ to: paths.drift }))
  useKey('tail', () => void navigate({ to: paths.tail }))
  useKey('integrity', () => void navigate({ to: paths.integrity }))
  useKey('copyLink', () => void navigator.clipboard.writeText(location.href))
  const close = (): void => setOverlay('none')
  return (
    <div className="flex h-full flex-col">
      <a href="#main" className="button button-primary sr-only focus:not-sr-only focus:absolute focus:z-50 focus:m-2">
        Skip to the page
      </a>
      <header className="flex flex-wrap items-center gap-x-5 gap-y-1 border-b border-line bg-surface px-4 py-1.5">
        <Link to={paths.agents} className="flex items-center gap-2 rounded font-semibold tracking-tight">
          <Mark />
          Holdfast
        </Link>
        <nav aria-label="Workspace" className="flex gap-1">
          <NavLink to={paths.agents} icon="agent" label="Agents" also="/conversations" />
          <NavLink to={paths.incidents} icon="warning" label="Incidents" />
          <NavLink to={paths.drift} icon="reach" label="Drift" />
          <NavLink to={paths.policies} icon="guardrail" label="Policies" />
          <NavLink to={paths.diagnostic} icon="check" label="Diagnostic" />
          <NavLink to={paths.audit} icon="trigger" label="Audit" also="/audit" />
          <NavLink to={paths.tail} icon="tail" label="Live tail" />
          <NavLink to={paths.integrity} icon="integrity" label="Integrity" />
        </nav>
        <button
          type="button"
          className="button ml-auto w-40 justify-start text-faint!"
          onClick={() => setOverlay('palette')}
        >
          <Icon name="search" />
          Open any id
          <span className="ml-auto flex gap-1">
            <kbd className="key">/</kbd>
          </span>
        </button>
        <Clock />
        <LiveBadge state={live} />
        <ThemeButton />
        <button type="button" className="button button-quiet" aria-label="Keyboard" onClick={() => setOverlay('keys')}>
          <kbd className="key">?</kbd>
        </button>
      </header>
      <main id="main" className="flex min-h-0 flex-1 flex-col" tabIndex={-1}>
        <Outlet />
      </main>
      <Suspense fallback={null}>
        {overlay === 'palette' && <Palette onClose={close} />}
        {overlay === 'keys' && <KeysDialog onClose={close} />}
      </Suspense>
    </div>
  )
}

function useLive(): LiveState {
  const client = useQueryClient()
  const [state, setState] = useState<LiveState>('connecting')
  useEffect(() => followChanges(client, setState), [client])
  return state
}

type NavLinkProps = {
  readonly to:
    | typeof paths.agents
    | typeof paths.incidents
    | typeof paths.drift
    | typeof paths.policies
    | typeof paths.diagnostic
    | typeof paths.audit
    | typeof paths.tail
    | typeof paths.integrity
  readonly icon: IconName
  readonly label: string
  /** Start of other paths that belong to this item. */
  readonly also?: string
}

function NavLink({ to, icon, label, also }: NavLinkProps) {
  const path = useRouterState({ select: ({ location: { pathname } }) => pathname })
  const isHere =
    path === to ||
    (to === '/incidents' && path.startsWith('/incidents')) ||
    (to === '/' && path.startsWith('/agents')) ||
    (also !== undefined && path.startsWith(also))
  return (
    <Link
      to={to}
      aria-current={isHere ? 'page' : undefined}
      className={`flex items-center gap-1.5 rounded-md px-2 py-1 font-medium ${isHere ? 'bg-accent-ground text-accent' : 'text-soft hover:text-ink'}`}
    >
      <Icon name={icon} />
      {label}
    </Link>
  )
}

const LIVE: Readonly<Record<LiveState, { readonly text: string; readonly says: string; readonly badge: string }>> = {
  connecting: { text: 'connecting', says: 'waiting for the server', badge: '' },
  live: { text: 'live', says: 'what is recorded appears by itself', badge: 'badge-good' },
  lost: { text: 'not live', says: 'the server ended the stream: reload to see what is new', badge: 'badge-bad' },
}

function LiveBadge({ state }: { readonly state: LiveState }) {
  const { text, says, badge } = LIVE[state]
  return (
    <output className={`badge ${badge}`} title={says}>
      {text}
    </output>
  )
}

function ThemeButton() {
  const [theme, setTheme] = usePreference('theme')
  const next = theme === 'system' ? 'light' : theme === 'light' ? 'dark' : 'system'
  return (
    <button
      type="button"
      className="button button-quiet"
      aria-label={`Theme: ${theme}. Change to ${next}`}
      title={`theme: ${theme}`}
      onClick={() => setTheme(next)}
    >
      <Icon name="sun" />
    </button>
  )
}
