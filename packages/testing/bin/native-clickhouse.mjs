// A ClickHouse server out of the library that comes with chDB: `clickhouse local` that listens (SYSTEM START LISTEN). It
// ends when its standard input ends, so it never outlives the process that started it.
//   node native-clickhouse.mjs CONFIG_FILE DATA_FOLDER
import { libchdbPath } from 'chdb/libchdb';
import { DataType, load, open } from 'ffi-rs';

const [configFile, dataFolder] = process.argv.slice(2);
const query = `SYSTEM START LISTEN TCP; SYSTEM START LISTEN HTTP; SELECT count() FROM file(stdin, LineAsString, 'line String')`;
const args = ['clickhouse', `--config-file=${configFile}`, `--path=${dataFolder}`, `--query=${query}`];

open({ library: 'chdb', path: libchdbPath() });
load({
  library: 'chdb',
  funcName: 'query_stable_v2',
  retType: DataType.External,
  paramsType: [DataType.I32, DataType.StringArray],
  paramsValue: [args.length, args],
});
process.exit(0);
