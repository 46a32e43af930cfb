import { expect, test, vi } from 'vitest'
import { ApiError, deskApi, Unreachable } from './api.ts'

const answer = (status: number, body: unknown) => new Response(JSON.stringify(body), { status })

test('a session that has ended is signed in again, and what was asked is asked once more', async () => {
  let signedIn = false
  const asked: string[] = []
  const request = vi.fn(async (address: string | URL | Request, init?: RequestInit) => {
    asked.push(`${init?.method} ${address} ${init?.body ?? ''}`)
    return signedIn ? answer(200, { submission: 'a' }) : answer(401, { detail: 'no' })
  })
  const again = vi.fn(async () => {
    signedIn = true
  })
  const api = deskApi(again, request as typeof fetch)
  expect(await api.find('x')).toEqual({ submission: 'a' })
  expect(again).toHaveBeenCalledTimes(1)
  expect(asked).toEqual(Array(2).fill('POST /v1/admin/cases/find {"text":"x"}'))
})

test('any other refusal, and a line that is down, are told', async () => {
  const again = vi.fn()
  const refused = deskApi(again, (async () => answer(403, { detail: 'no' })) as never)
  await expect(refused.open('x')).rejects.toMatchObject({ status: 403, message: 'no' })
  const away = deskApi(again, (async () => {
    throw new TypeError('fetch')
  }) as never)
  await expect(away.open('x')).rejects.toBeInstanceOf(Unreachable)
  const proxy = deskApi(again, (async () => new Response('<h1>Bad gateway</h1>', { status: 502, statusText: 'Bad Gateway' })) as never)
  await expect(proxy.open('x')).rejects.toBeInstanceOf(ApiError)
  expect(again).not.toHaveBeenCalled()
})

test('a definition is fetched once, a failure to fetch it not kept', async () => {
  const request = vi
    .fn()
    .mockResolvedValueOnce(answer(503, {}))
    .mockResolvedValue(answer(200, { id: 'card' }))
  const api = deskApi(async () => {}, request as never)
  await expect(api.definition('city', 'card', 1)).rejects.toThrow()
  expect(await Promise.all([api.definition('city', 'card', 1), api.definition('city', 'card', 1)])).toEqual([{ id: 'card' }, { id: 'card' }])
  expect(request).toHaveBeenCalledTimes(2)
})
