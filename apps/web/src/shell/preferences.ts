import { useSyncExternalStore } from 'react'

/** What a reader sets for this browser. Not state of a page, so not in the address. */
export type Preferences = {
  readonly theme: 'system' | 'light' | 'dark'
  readonly keys: 'on' | 'off'
}

const DEFAULTS: Preferences = { theme: 'system', keys: 'on' }
const ALLOWED: { readonly [K in keyof Preferences]: readonly Preferences[K][] } = {
  theme: ['system', 'light', 'dark'],
  keys: ['on', 'off'],
}
const listeners = new Set<() => void>()

/** What one press on the theme changes to, which is always seen: what is not shown now, as the system's own where that has it. */
export function nextTheme(theme: Preferences['theme'], isSystemDark: boolean): Preferences['theme'] {
  const isDark = theme === 'system' ? isSystemDark : theme === 'dark'
  if (isDark !== isSystemDark) return 'system'
  return isDark ? 'light' : 'dark'
}

/** One preference and its setter, the same everywhere on the page. */
export function usePreference<K extends keyof Preferences>(name: K): [Preferences[K], (value: Preferences[K]) => void] {
  const value = useSyncExternalStore(subscribe, () => readPreference(name))
  return [value, (next) => writePreference(name, next)]
}

function readPreference<K extends keyof Preferences>(name: K): Preferences[K] {
  const stored = localStorage.getItem(`holdfast.${name}`)
  return ALLOWED[name].find((value) => value === stored) ?? DEFAULTS[name]
}

function writePreference<K extends keyof Preferences>(name: K, value: Preferences[K]): void {
  localStorage.setItem(`holdfast.${name}`, value)
  if (name === 'theme') applyTheme(value)
  for (const listener of listeners) listener()
}

/** The style sheet follows the attribute; without it, the system. */
function applyTheme(theme: string): void {
  if (theme === 'system') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = theme
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
