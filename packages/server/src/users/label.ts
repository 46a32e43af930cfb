/** By which somebody knows a session of theirs again: the family of the browser and of the system, and no more of it. */

const browsers = [
  ['Edge', /\bEdg\//],
  ['Opera', /\bOPR\//],
  ['Firefox', /\bFirefox\//],
  ['Chrome', /\b(HeadlessChrome|Chrome|CriOS)\//],
  ['Safari', /\bVersion\/[\d.]+.* Safari\//],
] as const
const systems = [
  ['Android', /\bAndroid\b/],
  ['iOS', /\b(iPhone|iPad)\b/],
  ['Windows', /\bWindows\b/],
  ['macOS', /\bMac OS X\b/],
  ['Linux', /\bLinux\b/],
] as const

export const labelOf = (agent: string | undefined): string =>
  [browsers, systems].flatMap((families) => families.find(([, pattern]) => pattern.test(agent?.slice(0, 500) ?? ''))?.[0] ?? []).join(', ')
