# make run     起来看看（首次自动安装）      make test   测试
# make check   格式、类型、分层、生成的文档   make help   全部命令
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup run demo-reset browser test soak check bench

BIN := .venv/bin
STAMP := .venv/.installed
PYTEST := $(BIN)/python -m pytest
#: what pytest gets besides, e.g. make test ARGS="-k ledger"
ARGS ?=

help:
	@echo "make setup       安装到 .venv（锁定的版本，逐个核对散列值）"
	@echo "make run         启动：页面、邮件、Prefect；首次装入示例通知；Ctrl-C 停止"
	@echo "make demo-reset  清除示例数据，下次启动重新开始"
	@echo "make test        测试（需要 Chromium）    make soak   长时间测试"
	@echo "make check       格式、类型、分层、生成的文档    make bench  性能"

setup: $(STAMP)

$(STAMP): requirements.lock pyproject.toml
	@set -e; \
	python=; for p in python3.11 python3 python; do \
	  if $$p -c 'import sys; sys.exit(sys.version_info[:2] < (3, 11))' 2>/dev/null; then python=$$p; break; fi; done; \
	[ -n "$$python" ] || { echo "需要 Python 3.11 或更新的版本（命令 python3.11 或 python3）"; exit 3; }; \
	if ! $(BIN)/python -c '' 2>/dev/null; then \
	  echo "[1/3] 用 $$($$python --version) 建立 .venv"; $$python -m venv --clear .venv; fi; \
	echo "[2/3] 安装依赖：$$(grep -c '^[a-z].*==' requirements.lock) 个包，通常需要一两分钟"; \
	$(BIN)/python -m pip install --disable-pip-version-check --no-deps --require-hashes -r requirements.lock; \
	echo "[3/3] 安装本项目"; \
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation -e .; \
	touch $@; echo "安装完成"

run: setup
	@exec $(BIN)/duban run

demo-reset: setup
	@$(BIN)/python -m duban.cli.season

browser:
	@for b in chromium chromium-browser google-chrome; do command -v $$b >/dev/null && exit 0; done; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "安装 Chromium 和中文字体（apt-get）"; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
	    apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk >/dev/null; \
	else echo "页面测试需要 Chromium 和中文字体，请先安装，例如：sudo apt-get install chromium fonts-noto-cjk"; exit 3; fi

test: setup browser
	$(PYTEST) -m "not soak" -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

soak: setup browser
	$(PYTEST) -m soak $(ARGS)

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m duban.domain.drawing --check docs/states.md
	$(BIN)/python -m duban.domain.access_drawing | diff docs/access.md -

bench: setup
	$(BIN)/python -m bench publish
	$(BIN)/python -m bench sweep --due 0
	$(BIN)/python -m bench sweep --due 0.01
	$(BIN)/python -m bench sweep --due 0.1
	$(BIN)/python -m bench rebuild
	$(BIN)/python -m bench act
	$(BIN)/python -m bench mail
	$(BIN)/python -m bench kill --count 100
	$(BIN)/python -m bench replay
	$(BIN)/python -m bench draft
	$(BIN)/python -m bench pages --obligations 30000
	$(BIN)/python -m bench pages
