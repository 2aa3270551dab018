// SPDX-License-Identifier: GPL-2.0-only
/* Before Linux 7.3 all Rockchip IOMMUs of a machine have one format. */
#define USE_FORMAT(domain, ops) (rk_ops = (ops))
#include "prove_rockchip.h"
