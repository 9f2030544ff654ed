import type { Component, ComponentKind } from '@holdfast/model'

/** A declared component with the details that are known; a model fills the place of the agent's model. */
export function component(
  kind: ComponentKind,
  name: string,
  details: Readonly<Record<string, string | undefined>>,
): Component {
  const known = Object.entries(details).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, value.slice(0, 512)]],
  )
  return {
    kind,
    name: name.slice(0, 512),
    ...(kind === 'model' ? { slot: 'model' } : {}),
    details: Object.fromEntries(known) as Readonly<Record<string, string>>, // pairs of texts
  }
}

/** The host of a URL, with its port where it names one; undefined for other text. */
export function hostOf(url: string): string | undefined {
  return /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#]+)/i.exec(url)?.[1]?.toLowerCase()
}
