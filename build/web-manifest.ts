import type { ManifestOptions } from 'vite-plugin-pwa';

/** What an operating system asks before it installs the page as an application. */
export const webManifest: Partial<ManifestOptions> = {
  id: '/',
  name: 'Rostrum',
  short_name: 'Rostrum',
  description: 'One place to watch and direct every running agent ensemble',
  lang: 'en',
  start_url: '/',
  scope: '/',
  display: 'standalone',
  theme_color: '#0f1217',
  background_color: '#0f1217',
  categories: ['developer', 'productivity', 'utilities'],
  icons: [
    { src: '/icon-192.png', sizes: '192x192', type: 'image/png' },
    { src: '/icon-512.png', sizes: '512x512', type: 'image/png' },
    { src: '/icon-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
    { src: '/favicon.svg', sizes: 'any', type: 'image/svg+xml' },
  ],
};
