import { clickhouseContract, temporaryClickHouse } from '@michinori/testing';

const runs = Number(process.env.MICHINORI_TEST_RUNS ?? 60);

clickhouseContract('embedded chDB', (context) => temporaryClickHouse(context, { migrated: false }), runs);
