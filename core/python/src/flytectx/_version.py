# SPDX-License-Identifier: Apache-2.0
"""The version, which is that of core/flyte_ctx.h: a test holds them together."""

__version__ = "0.1.0"
