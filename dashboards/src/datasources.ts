/** The query API, asked by the Infinity datasource; uid of infra/grafana/provisioning/datasources. */
export const api = { type: 'yesoreyeram-infinity-datasource', uid: 'michinori' } as const;

/** The pipeline's own health; uid of infra/grafana/provisioning/datasources. */
export const prometheus = { type: 'prometheus', uid: 'michinori-prometheus' } as const;
