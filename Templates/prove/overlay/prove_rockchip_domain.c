// SPDX-License-Identifier: GPL-2.0-only
/* Since Linux 7.3 each domain of a Rockchip IOMMU has its format. */
#define USE_FORMAT(domain, ops) ((domain)->rk_ops = (ops))
#include "prove_rockchip.h"
