import { atLeast, type Level } from '../../sign-in/sign-in.ts'
import type { AdmitRule } from '../rule.ts'

export interface SignInOptions {
  demand: 'none' | 'optional' | 'required'
  level: Level
  providers: readonly string[]
  fills: Readonly<Record<string, string>>
}

/** What the page and the road have to know of it. */
export interface SignInAsk extends SignInOptions {}

const nobody: SignInOptions = { demand: 'none', level: 'low', providers: [], fills: {} }

/** Whether it is known well enough who sends. A session that is over counts as none, and says so. */
export const signIn: AdmitRule<SignInOptions> = {
  name: 'sign-in',
  stage: 'admit',
  presets: { open: nobody, standard: nobody, confidential: nobody, sealed: nobody },
  asks: (options) => (options.demand === 'none' ? {} : { signIn: options }),
  settle: ({ demand, level, providers }) =>
    function admitSignedIn({ purpose, signedIn }) {
      if (demand === 'none' || purpose === 'view') return null
      // Also where nobody has to sign in: whoever did would otherwise send without it, and without being told.
      if (signedIn === 'ended') return { status: 401, code: 'sign-in-ended' }
      if (signedIn === null) return demand === 'optional' ? null : { status: 401, code: 'sign-in-needed' }
      if (providers.length > 0 && !providers.includes(signedIn.provider)) return { status: 403, code: 'sign-in-level' }
      return atLeast(signedIn.level, level) ? null : { status: 403, code: 'sign-in-level' }
    },
  explain: ({ demand, level, fills }) =>
    demand === 'none'
      ? { citizen: [], author: [{ key: 'rule.sign-in.none' }] }
      : {
          citizen: [{ key: `rule.sign-in.${demand}` }, ...(Object.keys(fills).length > 0 ? [{ key: 'rule.sign-in.fills' }] : [])],
          author: [{ key: `rule.sign-in.level.${level}` }, { key: 'rule.sign-in.author' }],
        },
}
