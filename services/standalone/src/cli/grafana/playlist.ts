import { isDeepStrictEqual } from 'node:util';

export type DashboardLanguage = 'en' | 'ja';

/** What a playlist of Grafana 12 and newer says (`playlist.grafana.app`). */
export interface PlaylistSpec {
  readonly title: string;
  /** How long each dashboard is shown, e.g. `30s`. */
  readonly interval: string;
  readonly items: readonly { readonly type: 'dashboard_by_uid'; readonly value: string }[];
}

/** A playlist as Grafana keeps it; `metadata.name` is its uid. */
export interface Playlist {
  readonly metadata: { readonly name: string; readonly [field: string]: unknown };
  readonly spec: PlaylistSpec;
}

/** Dashboards that people look at from afar, in the order of the story: what is the matter, where, how long, how it feels, who may leave. */
export const wallDashboards = [
  'michinori-wall',
  'michinori-funnel',
  'michinori-touchpoints',
  'michinori-cycle-time',
  'michinori-nps',
  'michinori-emotion',
  'michinori-health',
] as const;

const titles: Record<DashboardLanguage, string> = {
  en: 'Michinori: customer journeys',
  ja: 'Michinori：カスタマージャーニー',
};

/** The uid that a dashboard has in a language. */
export function uidIn(language: DashboardLanguage, uid: string): string {
  return language === 'en' ? uid : `${uid}-${language}`;
}

/**
 * The playlist of the wall screens. Its uid is fixed, so that applying it again changes it rather than adding another.
 *
 * @param interval a number of seconds, minutes or hours, as Grafana writes it: `30s`, `5m`, `1h`
 * @param dashboards uids, shown in this order
 */
export function wantedPlaylist(language: DashboardLanguage, interval: string, dashboards: readonly string[]): Playlist {
  return {
    metadata: { name: uidIn(language, 'michinori') },
    spec: {
      title: titles[language],
      interval,
      items: dashboards.map((value) => ({ type: 'dashboard_by_uid', value })),
    },
  };
}

export type PlaylistChange =
  | { readonly what: 'create' | 'update'; readonly playlist: Playlist }
  | { readonly what: 'nothing' };

/** What has to be done so that Grafana has the playlist; an update keeps the metadata, whose `resourceVersion` it has to name. */
export function decideChange(current: Playlist | null, wanted: Playlist): PlaylistChange {
  if (current === null) return { what: 'create', playlist: wanted };
  if (isDeepStrictEqual(current.spec, wanted.spec)) return { what: 'nothing' };
  return { what: 'update', playlist: { metadata: current.metadata, spec: wanted.spec } };
}

/** Where a browser plays it without menus, panels as high as the screen. */
export function playAddress(url: string, playlist: Playlist): string {
  const base = url.replace(/\/+$/, '');
  return `${base}/playlists/play/${playlist.metadata.name}?kiosk=true&autofitpanels=true`;
}
