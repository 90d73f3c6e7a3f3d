/** Version of the product, as `michinori --version` and `michinori_build_info` say it. */
export const version = '0.1.0';
