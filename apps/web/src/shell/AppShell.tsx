import { useQueryClient } from '@tanstack/react-query'
import { Link, Outlet, useNavigate, useRouter, useRouterState } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useState } from 'react'
import { followChanges, type LiveState } from '../data/changes.ts'
import { askSession, followSession } from '../data/session-end.ts'
import { DemoBanner } from '../demo/DemoBanner.tsx'
import { paths } from '../paths.ts'
import { ZoneContext } from '../time/zone.ts'
import { Icon, Mark } from '../ui/Icon.tsx'
import { ToldOnceContext } from '../ui/told-once.ts'
import { AtBar } from './at/AtBar.tsx'
import { AtControl } from './at/AtControl.tsx'
import { ZoneBar } from './at/ZoneBar.tsx'
import { useZoneOfAddress } from './at/use-zone-of-address.ts'
import { Clock } from './Clock.tsx'
import { focusPage, keepFocus } from './keep-focus.ts'
import { MoreMenu } from '../ui/MoreMenu.tsx'
import { nextTheme, usePreference } from './preferences.ts'
import { SessionBar } from './SessionBar.tsx'
import { SessionButton } from './SessionButton.tsx'
import { followLeader, useKey } from './use-key.ts'
import { WorkspaceNav } from './WorkspaceNav.tsx'

const Palette = lazy(() => import('./Palette.tsx').then(({ Palette: component }) => ({ default: component })))
const KeysDialog = lazy(() => import('./KeysDialog.tsx').then(({ KeysDialog: component }) => ({ default: component })))
const SessionDialog = lazy(() =>
  import('./SessionDialog.tsx').then(({ SessionDialog: component }) => ({ default: component })),
)

/** What stands around every page: where one can go, and whether the server is heard. */
export function AppShell() {
  const [overlay, setOverlay] = useState<'none' | 'palette' | 'keys' | 'session'>('none')
  const navigate = useNavigate()
  const { live, isEnded, isSilent } = useLive()
  const { zone } = useZoneOfAddress()
  useKey('palette', () => setOverlay('palette'))
  useKey('search', () => setOverlay('palette'))
  useKey('help', () => setOverlay('keys'))
  useKey('agents', () => void navigate({ to: paths.agents }))
  useKey('incidents', () => void navigate({ to: paths.incidents }))
  useKey('fleet', () => void navigate({ to: paths.fleet }))
  useKey('drift', () => void navigate({ to: paths.drift }))
  useKey('hunt', () => void navigate({ to: paths.hunt }))
  useKey('policies', () => void navigate({ to: paths.policies }))
  const agent = useAgentHere()
  useKey('bom', () => void navigate({ to: paths.agentInventory, params: { agent: agent ?? '' } }), agent !== undefined)
  useEffect(() => followLeader(), [])
  useFocus()
  useKey('tail', () => void navigate({ to: paths.tail }))
  useKey('integrity', () => void navigate({ to: paths.integrity }))
  useKey('copyLink', () => void navigator.clipboard.writeText(location.href))
  const close = (): void => setOverlay('none')
  return (
    <ZoneContext value={zone}>
      <div className="flex h-full flex-col">
        <a href="#main" className="button button-primary sr-only focus:not-sr-only focus:absolute focus:z-50 focus:m-2">
          Skip to the page
        </a>
        <header className="flex flex-wrap items-center gap-x-1 gap-y-1 border-b border-line bg-surface px-2 py-1.5 md:gap-x-3 md:px-4 print:hidden">
          <Link to={paths.agents} className="flex items-center gap-2 rounded font-semibold tracking-tight">
            <Mark />
            <span className="sr-only md:not-sr-only">Holdfast</span>
          </Link>
          <WorkspaceNav />
          <button
            type="button"
            className="button justify-start text-faint! max-sm:px-2 lg:w-36"
            onClick={() => setOverlay('palette')}
          >
            <Icon name="search" />
            <span className="sr-only lg:not-sr-only">Open any id</span>
            <kbd className="key ml-auto hidden lg:inline">/</kbd>
          </button>
          <Clock />
          <AtControl />
          <LiveBadge state={live} />
          <ThemeButton />
          <SessionButton onOpen={() => setOverlay('session')} />
          <button
            type="button"
            className="button button-quiet max-sm:hidden xl:max-[90rem]:hidden"
            aria-label="Keyboard"
            onClick={() => setOverlay('keys')}
          >
            <kbd className="key">?</kbd>
          </button>
          {/* Where the line is full from end to end. */}
          <MoreMenu className="hidden max-sm:block xl:max-[90rem]:block">
            <button type="button" className="button" aria-haspopup="dialog" onClick={() => setOverlay('session')}>
              Session, and signing out
            </button>
            <button type="button" className="button" aria-haspopup="dialog" onClick={() => setOverlay('keys')}>
              Keyboard
            </button>
          </MoreMenu>
        </header>
        <AtBar />
        <ZoneBar />
        <DemoBanner />
        <SessionBar isEnded={isEnded} isSilent={isSilent} />
        <main id="main" className="flex min-h-0 flex-1 flex-col" tabIndex={-1}>
          <ToldOnceContext value={isEnded || isSilent}>
            <Outlet />
          </ToldOnceContext>
        </main>
        <Suspense fallback={null}>
          {overlay === 'palette' && <Palette onClose={close} />}
          {overlay === 'keys' && <KeysDialog onClose={close} />}
          {overlay === 'session' && <SessionDialog onClose={close} />}
        </Suspense>
      </div>
    </ZoneContext>
  )
}

/** The agent that a page is about; undefined where it is about none, or several. */
function useAgentHere(): string | undefined {
  return useRouterState({
    select: ({ matches }): string | undefined => {
      const { params, search }: { readonly params?: object; readonly search?: object } = matches.at(-1) ?? {}
      const named = [params, search].flatMap((part) => (part !== undefined && 'agent' in part ? [part.agent] : []))
      return named.find((agent) => typeof agent === 'string')
    },
  })
}

/** A page that was gone to has the focus, and what vanishes does not take it along. */
function useFocus(): void {
  const router = useRouter()
  useEffect(() => keepFocus(), [])
  useEffect(
    () =>
      router.subscribe('onRendered', ({ fromLocation, pathChanged }) => {
        if (fromLocation !== undefined && pathChanged) focusPage()
      }),
    [router],
  )
}

/** Whether the server is heard, and if not, whether it fell silent or wants a sign-in. */
function useLive(): { readonly live: LiveState; readonly isEnded: boolean; readonly isSilent: boolean } {
  const client = useQueryClient()
  const [live, setLive] = useState<LiveState>('connecting')
  const [wasLive, setWasLive] = useState(false)
  const [isEnded, setEnded] = useState(false)
  useEffect(() => followSession(client, setEnded), [client])
  useEffect(
    () =>
      followChanges(client, (state) => {
        setLive(state)
        if (state === 'live') setWasLive(true)
        // A stream that the server refuses does not say why.
        if (state === 'lost') askSession(client)
      }),
    [client],
  )
  return { live, isEnded, isSilent: wasLive && live === 'connecting' }
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
  const next = nextTheme(theme, matchMedia('(prefers-color-scheme: dark)').matches)
  return (
    <button
      type="button"
      className="button button-quiet max-sm:px-1.5"
      aria-label={`Theme: ${theme}. Change to ${next}`}
      title={`theme: ${theme}`}
      onClick={() => setTheme(next)}
    >
      <Icon name="sun" />
    </button>
  )
}
